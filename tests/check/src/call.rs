//! The reader's own calls, one after the other.

use std::process::ExitCode;

use check::{Lesson, UPDATE, worker};
use harness::{Address, Response};
use histories::Operation as Kind;
use hyper::Method;
use serde_json::Value;
use xtask::registry::Registry;

use crate::Call;

/// The session that the calls are about, where there are several.
const SESSION: &str = "call";

/// A line for each value: what was sent, what the answer shows, the worker that answered, and what one copy of the data would have shown.
pub(crate) async fn call(arguments: &Call) -> anyhow::Result<ExitCode> {
    let registry = Registry::load()?;
    let (_, app) = registry.find(&arguments.tutorial)?;
    let address = Address(arguments.bind);
    let lesson = Lesson::of(app, address).await?;
    let mut expected = None;
    println!("{:20} {:20} {:6} expected", "sent", "shown", "worker");
    for value in &arguments.value {
        let answer = ask(&lesson, address, value).await?;
        let shown = match lesson.shown(&answer) {
            Ok(Value::String(text)) => text,
            Ok(Value::Null) => "nothing".to_owned(),
            Ok(other) => other.to_string(),
            Err(status) => format!("status {status}"),
        };
        let by = worker(&answer).map_or_else(|| "?".to_owned(), |worker| worker.to_string());
        let is_swap = lesson.operation.kind == Kind::Swap;
        let wanted = if is_swap {
            expected.replace(value)
        } else {
            Some(value)
        };
        let wanted = wanted.map_or("whatever was there", String::as_str);
        println!("{value:20} {shown:20} {by:6} {wanted}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends what the page would send for this value, and where the browser holds the data, what follows from it.
async fn ask(lesson: &Lesson, address: Address, value: &str) -> anyhow::Result<Response> {
    let post = async |body: Value| {
        let answer = address.request(Method::POST, UPDATE, Some(&body)).await;
        answer.map_err(anyhow::Error::msg)
    };
    let key = if lesson.computes() { value } else { SESSION };
    let answer = post(lesson.writes(key, &value.into(), None)).await?;
    match lesson.left_in_browser(&answer) {
        Some(held) => post(lesson.reads(key, &value.into(), Some(&held))).await,
        None => Ok(answer),
    }
}
