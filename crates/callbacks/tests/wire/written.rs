//! What a callback writes is what the next one reads, or else the callback that writes it fails.

use std::collections::BTreeMap;

use callbacks::{App, Input, IntoProperty, Output, Property, dcc, html};
use http::StatusCode;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};

use crate::exchange::{Answer, Server, log_of};

/// A store that a click fills with this value, and whose app has answered the click.
fn store<T>(value: T) -> (Answer, String)
where
    T: Serialize + Clone + Send + Sync + 'static,
{
    let button = html::Button::new("button");
    let rows = dcc::Store::<T>::new("rows");
    let app = App::new("Written")
        .callback(Output(rows.data()), Input(button.n_clicks()), move |_| {
            std::future::ready(Some(value.clone()))
        })
        .layout((button, rows));
    let call = json!({
        "output": "rows.data",
        "outputs": {"id": "rows", "property": "data"},
        "inputs": [{"id": "button", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["button.n_clicks"],
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.unwrap();
    log_of(|| runtime.block_on(async { Server::of(app).post(call.to_string()).await }))
}

/// Why the store did not take this value.
fn refusal<T>(value: T) -> String
where
    T: Serialize + Clone + Send + Sync + 'static,
{
    let (answer, log) = store(value);
    assert_eq!(
        (answer.status, answer.sentence().as_str()),
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The callback for `rows.data` failed."
        )
    );
    let words = "failed: the value for `rows.data` cannot be written as JSON: ";
    let (_, reason) = log.split_once(words).unwrap_or_else(|| panic!("{log}"));
    let (reason, _) = reason.split_once(" function=").unwrap_or((reason, ""));
    reason.trim_end().to_owned()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    x: f64,
    y: Option<f64>,
}

#[test]
fn nan_in_a_store_is_an_error_of_the_callback_that_writes_it() {
    let row = |x, y| Row { x, y };
    assert_eq!(
        refusal(vec![row(1.0, None), row(2.0, Some(f64::NAN))]),
        "JSON has no number for NaN: use `None`, or text (at `[1].y`)"
    );
    assert_eq!(
        refusal(BTreeMap::from([("a", f32::INFINITY)])),
        "JSON has no number for inf: use `None`, or text (at `[\"a\"]`)"
    );
    assert_eq!(
        refusal(f64::NEG_INFINITY),
        "JSON has no number for -inf: use `None`, or text"
    );
}

#[test]
fn a_none_within_a_some_is_an_error_of_the_callback_that_writes_it() {
    let reason =
        "it is `Some(None)`, which JSON cannot tell from `None`: use one `Option`, or an enum";
    assert_eq!(refusal(None::<u8>), reason);
    assert_eq!(
        refusal(vec![Some(None::<u8>)]),
        format!("{reason} (at `[0]`)")
    );
    assert_eq!(
        refusal(vec![Some(())]),
        "it is null within a `Some`, which JSON cannot tell from `None` (at `[0]`)"
    );
    // Null itself is Dash's `None`, and an element of a list may be one.
    assert_eq!(store(Value::Null).0.status, StatusCode::OK);
    assert_eq!(store(vec![None, Some(1)]).0.status, StatusCode::OK);
}

#[test]
fn a_whole_number_that_a_browser_rounds_is_an_error_of_the_callback_that_writes_it() {
    assert_eq!(
        store((1_u64 << 53, -(1_i64 << 53))).0.status,
        StatusCode::OK
    );
    // A browser prints 2^60 as 1152921504606847000, and that number as itself.
    assert_eq!(
        store(1_152_921_504_606_847_000_u64).0.status,
        StatusCode::OK
    );
    assert_eq!(
        refusal(1_u64 << 60),
        "a browser rounds the whole number 1152921504606846976, which is beyond 2^53: use text"
    );
    assert_eq!(
        refusal((json!({"id": u64::MAX}), -1_i128 << 80)),
        "a browser rounds the whole number 18446744073709551615, which is beyond 2^53: use text (at `[0][\"id\"]`)"
    );
}

#[test]
fn keys_that_are_no_text_are_an_error_of_the_callback_that_writes_them() {
    assert_eq!(
        refusal(BTreeMap::from([((1, 2), 3)])),
        "a key of a map is neither text nor a number, which JSON has not: use a list of pairs"
    );
    assert_eq!(
        store(BTreeMap::from([(1, 'a'), (2, 'b')])).0.status,
        StatusCode::OK
    );
}

#[test]
fn a_value_too_deep_to_be_read_is_an_error_of_the_callback_that_writes_it() {
    let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(store(nested(124)).0.status, StatusCode::OK);
    assert!(
        refusal(nested(125)).starts_with("it nests deeper than 124 levels"),
        "{}",
        refusal(nested(125))
    );
}

#[test]
fn a_component_with_a_value_that_json_cannot_hold_is_an_error_of_the_callback_that_returns_it() {
    let number = dcc::Input::number("number").with_value(f64::NAN);
    let error = write::<callbacks::Children>(html::div(("text", number))).unwrap_err();
    assert!(
        error.contains(
            "the value cannot be written as JSON: `value` of dcc.Input `number`: JSON has no number for NaN"
        ),
        "{error}"
    );
    assert_eq!(
        write::<callbacks::Children>(f64::NAN),
        Ok(json!("NaN").to_string())
    );
}

/// What a callback writes for a property of type `T` when it returns this.
fn write<T>(value: impl IntoProperty<T>) -> Result<String, String> {
    let mut json = Vec::new();
    match value.write(&mut json) {
        Ok(_) => Ok(String::from_utf8(json).unwrap()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn the_clock_and_the_switch_of_a_store_can_be_read_and_written() {
    let cache = dcc::Store::<Value>::new("cache");
    let modified: Property<f64> = cache.modified_timestamp();
    let clear: Property<bool> = cache.clear_data();
    assert_eq!(
        (modified.to_string(), clear.to_string()),
        (
            "cache.modified_timestamp".to_owned(),
            "cache.clear_data".to_owned()
        )
    );
    assert_eq!(write::<bool>(true), Ok("true".to_owned()));
    assert_eq!(reads(&json!(-1)), Ok(-1.0));
    assert_eq!(
        reads(&json!(1_764_000_000_000_u64)),
        Ok(1_764_000_000_000.0)
    );
}

fn reads<T: DeserializeOwned>(sent: &Value) -> Result<T, String> {
    serde_json::from_str(&sent.to_string()).map_err(|error| error.to_string())
}

/// As a browser sends it back: each number becomes an `f64`, and is printed with the shortest digits.
fn through_a_browser(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let whole = number.fract() == 0.0 && number.abs() < 1e21;
            // Rust prints an `f64` with the digits of JavaScript, and never with an exponent.
            let digits = if whole {
                number.to_string().replace("-0", "0")
            } else {
                format!("{number:e}")
            };
            Value::Number(serde_json::from_str::<Number>(&digits).unwrap())
        }
        Value::Array(list) => list.into_iter().map(through_a_browser).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, through_a_browser(value)))
            .collect(),
        other => other,
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    text: String,
    letter: char,
    whole: (i64, u64, i128, u128, u8),
    float: f64,
    small: f32,
    nested: Option<Option<u8>>,
    unit: Option<()>,
    list: Vec<Option<f64>>,
    by_number: BTreeMap<i64, Kind>,
    by_text: BTreeMap<String, Kind>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Wrapped(Option<i64>),
    Pair(f64, u64),
    Named { value: Option<f64> },
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Plain),
        any::<Option<i64>>().prop_map(Kind::Wrapped),
        (any_float(), any_whole()).prop_map(|(x, y)| Kind::Pair(x, y)),
        prop::option::of(any_float()).prop_map(|value| Kind::Named { value }),
    ]
}

/// Mostly numbers that JSON holds, and those that it does not.
fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => any::<f64>(),
        5 => (-1e15..1e15_f64).prop_map(f64::round),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
    ]
}

fn any_whole() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..(1_u64 << 53), 1 => any::<u64>(), 1 => (1_u64 << 53)..(1 << 54)]
}

prop_compose! {
    fn everything()(
        text in ".*",
        letter: char,
        whole in (any_whole(), any_whole(), any_whole(), any_whole(), any::<u8>()),
        float in any_float(),
        small in prop_oneof![9 => any::<f32>(), 1 => Just(f32::NAN)],
        nested in prop_oneof![Just(None), any::<u8>().prop_map(|inner| Some(Some(inner))), Just(Some(None))],
        unit in prop::option::weighted(0.1, Just(())),
        list in prop::collection::vec(prop::option::of(any_float()), 0..4),
        by_number in prop::collection::btree_map(any::<i64>(), any_kind(), 0..3),
        by_text in prop::collection::btree_map(".*", any_kind(), 0..3),
        kind in any_kind(),
    ) -> Everything {
        let (a, b, c, d, e) = whole;
        let whole = (a as i64, b, -i128::from(c), u128::from(d), e);
        Everything { text, letter, whole, float, small, nested, unit, list, by_number, by_text, kind }
    }
}

/// Whether the value, if it can be written, comes back as itself from a browser.
fn comes_back<T>(value: &T) -> Result<bool, TestCaseError>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug,
{
    let Ok(json) = write::<T>(Some(value.clone())) else {
        return Ok(false);
    };
    let sent = through_a_browser(serde_json::from_str(&json).unwrap());
    prop_assert_eq!(&reads::<T>(&sent), &Ok(value.clone()), "{}", json);
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_a_typed_store_takes_its_reader_gets_back(value in everything()) {
        comes_back(&value)?;
    }

    #[test]
    fn what_a_browser_holds_a_typed_store_takes(
        list in prop::collection::vec((any::<i32>(), prop::option::of(-1e300..1e300_f64), ".*"), 0..5),
    ) {
        prop_assert!(comes_back(&list)?);
    }

    #[test]
    fn every_number_is_carried_or_refused(whole: u64, signed: i64, float in any_float(), wide: i128) {
        comes_back(&whole)?;
        comes_back(&signed)?;
        comes_back(&wide)?;
        prop_assert_eq!(comes_back(&float)?, float.is_finite());
    }
}
