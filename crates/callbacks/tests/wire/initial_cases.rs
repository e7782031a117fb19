//! The initial calls on the server, case by case. The client's tests read the same cases: `client/test/initial-cases.test.js`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use callbacks::dcc::StorageType;
use callbacks::{
    App, CallbackError, Context, Ctx, InitialCalls, Input, IntoChildren, Output, PreventUpdate,
    Update, With, dcc, html,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::exchange::Server;

#[derive(Deserialize)]
struct Case {
    name: String,
    /// The components that are stores of the browser's own.
    #[serde(default)]
    local: Vec<String>,
    callbacks: Vec<Callback>,
    /// What the browser calls when it makes all calls itself.
    calls: Vec<String>,
    /// What the server does; everything, unless said otherwise.
    server: Option<Expected>,
}

#[derive(Deserialize)]
struct Callback {
    output: String,
    inputs: Vec<String>,
    #[serde(default)]
    prevented: bool,
    answer: Value,
}

#[derive(Deserialize)]
struct Expected {
    calls: Vec<String>,
    done: Vec<String>,
}

/// A callback under test: its answer, and where it writes down its calls.
#[derive(Clone)]
struct Answering {
    output: Arc<str>,
    answer: Arc<Value>,
    calls: Arc<Mutex<Vec<String>>>,
}

type Name = (&'static str, &'static str);

impl Answering {
    fn answer(&self, ctx: &Context) -> Result<&Value, CallbackError> {
        let triggered = ctx.triggered().iter();
        let triggers: Vec<String> = triggered
            .map(|t| format!("{}.{}", t.id, t.property))
            .collect();
        let call = format!("{}({})", self.output, triggers.join(" "));
        self.calls.lock().unwrap().push(call);
        match &*self.answer {
            Value::String(word) if word == "prevent" => Err(PreventUpdate.into()),
            Value::String(_) => Err(CallbackError::private("it fails")),
            answer => Ok(answer),
        }
    }

    fn one(&self, ctx: &Context, output: Name) -> Result<Value, CallbackError> {
        Ok(self.answer(ctx)?[format!("{}.{}", output.0, output.1)].clone())
    }

    fn update(
        &self,
        ctx: &Context,
        outputs: [Name; 2],
    ) -> Result<[Update<Value>; 2], CallbackError> {
        let answer = self.answer(ctx)?;
        Ok(outputs.map(|(id, property)| {
            let value = answer.get(format!("{id}.{property}"));
            value.map_or(Update::No, |value| Update::To(value.clone()))
        }))
    }
}

/// `b.children`, for as long as the program runs.
fn name(text: &str) -> Name {
    let (id, property) = text.split_once('.').unwrap();
    let leaked = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    (leaked(id), leaked(property))
}

fn add(app: App, callback: &Callback, answering: Answering) -> App {
    let outputs: Vec<Name> = callback
        .output
        .trim_matches('.')
        .split("...")
        .map(name)
        .collect();
    let inputs: Vec<Name> = callback.inputs.iter().map(|input| name(input)).collect();
    let more = (With(answering), Ctx);
    let app =
        match (&outputs[..], &inputs[..]) {
            (&[output], &[a]) => app.callback(
                Output(output),
                (Input(a), more.0, more.1),
                move |_: Option<Value>, answering: Answering, ctx: Context| async move {
                    answering.one(&ctx, output)
                },
            ),
            (&[output], &[a, b]) => {
                app.callback(
                    Output(output),
                    (Input(a), Input(b), more.0, more.1),
                    move |_: Option<Value>,
                          _: Option<Value>,
                          answering: Answering,
                          ctx: Context| async move { answering.one(&ctx, output) },
                )
            }
            (&[first, second], &[a]) => app.callback(
                (Output(first), Output(second)),
                (Input(a), more.0, more.1),
                move |_: Option<Value>, answering: Answering, ctx: Context| async move {
                    let [one, two] = answering.update(&ctx, [first, second])?;
                    Ok::<_, CallbackError>((one, two))
                },
            ),
            _ => panic!("no case has so many outputs and inputs yet"),
        };
    app.prevent_initial_call(callback.prevented)
}

fn app(case: &Case, calls: &Arc<Mutex<Vec<String>>>) -> App {
    let component = |id: char| {
        let id = id.to_string();
        if case.local.contains(&id) {
            let store = dcc::Store::<Value>::new(id);
            store.with_storage_type(StorageType::Local).into_children()
        } else {
            html::Div::new(id).into_children()
        }
    };
    let layout: Vec<_> = "abcde".chars().map(component).collect();
    let app = case
        .callbacks
        .iter()
        .fold(App::new("Case"), |app, callback| {
            let answering = Answering {
                output: callback.output.as_str().into(),
                answer: Arc::new(callback.answer.clone()),
                calls: Arc::clone(calls),
            };
            add(app, callback, answering)
        });
    app.layout(layout).initial_calls(InitialCalls::Server)
}

fn block(page: &str, id: &str) -> Value {
    let start = format!("id=\"{id}\">");
    let rest = page.split(&start).nth(1).unwrap();
    serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap()
}

#[tokio::test]
async fn the_server_calls_what_the_client_would_call_and_nothing_twice() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../client/test/initial-cases.json")).unwrap();
    for case in cases {
        let calls = Arc::default();
        let page = Server::of(app(&case, &calls)).get("/").await.text();
        let done = block(&page, "_dash-config")["callbacks"]["done"].clone();
        let all: Vec<String> = case
            .callbacks
            .iter()
            .map(|callback| callback.output.clone())
            .collect();
        let expected = case.server.unwrap_or(Expected {
            calls: case.calls,
            done: all,
        });
        assert_eq!(*calls.lock().unwrap(), expected.calls, "{}", case.name);
        assert_eq!(done, json!(expected.done), "{}", case.name);

        // What the page shows is what the callbacks that are done have answered.
        let layout = block(&page, "_dash-layout");
        let shown: HashMap<&str, &Value> = layout
            .as_array()
            .unwrap()
            .iter()
            .map(|component| {
                let props = &component["props"];
                (props["id"].as_str().unwrap(), &props["children"])
            })
            .collect();
        for callback in case
            .callbacks
            .iter()
            .filter(|callback| expected.done.contains(&callback.output))
        {
            for (key, value) in callback.answer.as_object().into_iter().flatten() {
                if expected
                    .calls
                    .iter()
                    .any(|call| call.starts_with(&format!("{}(", callback.output)))
                {
                    assert_eq!(shown[&key[..1]], value, "{}", case.name);
                }
            }
        }
    }
}
