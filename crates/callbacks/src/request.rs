//! The body of `POST /_dash-update-component`: what the browser sends to have a callback called.

use std::borrow::Cow;

use http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::callback::Callback;
use crate::context::Context;
use crate::property::Dependency;

/// JSON nests at most this deep in a request; a component tree in a `State` needs about three levels for each of its own.
pub(crate) const DEPTH_LIMIT: usize = 128;

/// Why a request is not a call. Each is a status of 4xx with the message as its sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("The call comes from a page of another site: expected one from this app's own page.")]
    CrossSite,
    #[error("The content type is {0}: expected `application/json`.")]
    ContentType(String),
    #[error(
        "The body has more than {0} bytes, which is the limit: store less in the browser, or raise the app's body limit."
    )]
    TooLarge(usize),
    #[error("The body broke off: expected a JSON object with `output`, `outputs` and `inputs`.")]
    BrokeOff,
    #[error("The body is empty: expected a JSON object with `output`, `outputs` and `inputs`.")]
    Empty,
    #[error("The body nests deeper than {DEPTH_LIMIT} levels, which is the limit.")]
    TooDeep,
    #[error(
        "The body is not a call of a callback: {0}. Expected a JSON object with `output`, `outputs` and `inputs`."
    )]
    Json(String),
    #[error(
        "No callback has the output `{0}`: expected one that `/_dash-dependencies` lists. The page may be older than the server: reload it."
    )]
    UnknownOutput(String),
    #[error(
        "The callback for {callback} was sent other `outputs`: expected {expected}. The page may be older than the server: reload it."
    )]
    OtherOutputs { callback: String, expected: String },
    #[error(
        "The callback for {callback} was sent {sent} {list}: expected {expected}. The page may be older than the server: reload it."
    )]
    Count {
        callback: String,
        list: &'static str,
        sent: usize,
        expected: usize,
    },
    #[error(
        "The callback for {callback} was sent `{sent}` as one of its {list}: expected `{expected}`. The page may be older than the server: reload it."
    )]
    OtherArgument {
        callback: String,
        list: &'static str,
        sent: String,
        expected: String,
    },
    #[error("The callback for {callback} cannot read `{property}`: {message}.")]
    Argument {
        callback: String,
        property: String,
        message: String,
    },
}

impl RequestError {
    /// What the log may say of it: all but the values that were sent.
    pub(crate) fn without_values(&self) -> String {
        match self {
            Self::Argument {
                callback, property, ..
            } => {
                format!("The callback for {callback} cannot read `{property}`.")
            }
            Self::Json(_) => "The body is not a call of a callback.".to_owned(),
            other => other.to_string(),
        }
    }
}

/// An argument's value is not of the type that the function declares.
#[derive(Debug)]
pub struct ArgumentError {
    pub(crate) property: String,
    pub(crate) message: String,
}

/// A call as it stands in the body. Nothing is copied that need not be.
#[derive(Debug, Deserialize)]
pub(crate) struct CallRequest<'a> {
    #[serde(borrow)]
    pub(crate) output: Cow<'a, str>,
    #[serde(borrow)]
    outputs: &'a RawValue,
    #[serde(borrow)]
    inputs: Vec<Sent<'a>>,
    #[serde(borrow, default, rename = "changedPropIds")]
    changed: Vec<Text<'a>>,
    #[serde(borrow, default)]
    state: Option<Vec<Sent<'a>>>,
}

/// serde borrows text inside a list only through a type of its own.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

// ANCHOR: sent
/// One input or state with its value. An absent value and null are both Dash's `None`.
#[derive(Debug, Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    property: Cow<'a, str>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}
// ANCHOR_END: sent

impl<'a> CallRequest<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(RequestError::Empty);
        }
        if depth(body) > DEPTH_LIMIT {
            return Err(RequestError::TooDeep);
        }
        serde_json::from_slice(body).map_err(|error| RequestError::Json(error.to_string()))
    }

    /// Checks that the body is a call of this callback: same outputs, inputs and states, in the same order.
    pub(crate) fn check(&self, callback: &Callback) -> Result<(), RequestError> {
        let declared = &callback.declaration;
        self.check_outputs(callback)?;
        check_list(callback, "inputs", &self.inputs, &declared.inputs)?;
        check_list(callback, "states", self.states(), &declared.state)
    }

    fn check_outputs(&self, callback: &Callback) -> Result<(), RequestError> {
        #[derive(Deserialize, PartialEq)]
        struct Named<'a> {
            #[serde(borrow)]
            id: Cow<'a, str>,
            #[serde(borrow)]
            property: Cow<'a, str>,
        }
        let named = |sent: &Named<'_>, declared: &Dependency| {
            sent.id == declared.id && sent.property == declared.property
        };
        let declared = &callback.declaration.outputs;
        let text = self.outputs.get();
        let agrees = if callback.declaration.several_outputs {
            serde_json::from_str::<Vec<Named<'_>>>(text).is_ok_and(|sent| {
                sent.len() == declared.len()
                    && sent
                        .iter()
                        .zip(declared)
                        .all(|(sent, declared)| named(sent, declared))
            })
        } else {
            serde_json::from_str::<Named<'_>>(text).is_ok_and(|sent| named(&sent, &declared[0]))
        };
        if agrees {
            return Ok(());
        }
        Err(RequestError::OtherOutputs {
            callback: callback.outputs(),
            expected: if callback.declaration.several_outputs {
                "a list of the `id` and `property` of each".to_owned()
            } else {
                "an object of its `id` and `property`".to_owned()
            },
        })
    }

    fn states(&self) -> &[Sent<'a>] {
        self.state.as_deref().unwrap_or_default()
    }

    /// The arguments, to be read in the order of their declaration. A [`Context`] is made when, and only when, one of them asks for it.
    pub(crate) fn arguments<'r>(
        &'r self,
        request: &'r Parts,
        context: &'r mut Option<Context>,
    ) -> Arguments<'r> {
        Arguments {
            inputs: self.inputs.iter(),
            state: self.states().iter(),
            changed: &self.changed,
            request,
            context,
        }
    }
}

fn check_list(
    callback: &Callback,
    list: &'static str,
    sent: &[Sent<'_>],
    declared: &[Dependency],
) -> Result<(), RequestError> {
    if sent.len() != declared.len() {
        return Err(RequestError::Count {
            callback: callback.outputs(),
            list,
            sent: sent.len(),
            expected: declared.len(),
        });
    }
    let other = |(sent, declared): &(&Sent<'_>, &Dependency)| {
        sent.id != declared.id || sent.property != declared.property
    };
    match sent.iter().zip(declared).find(other) {
        None => Ok(()),
        Some((sent, declared)) => Err(RequestError::OtherArgument {
            callback: callback.outputs(),
            list,
            sent: format!("{}.{}", sent.id, sent.property),
            expected: declared.to_string(),
        }),
    }
}

/// The arguments of one call, as they were sent.
#[derive(Debug)]
pub struct Arguments<'a> {
    inputs: std::slice::Iter<'a, Sent<'a>>,
    state: std::slice::Iter<'a, Sent<'a>>,
    changed: &'a [Text<'a>],
    request: &'a Parts,
    context: &'a mut Option<Context>,
}

impl Arguments<'_> {
    /// The value of the next input.
    pub(crate) fn input<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ArgumentError> {
        self.inputs.next().map_or(Ok(None), Sent::read)
    }

    /// The value of the next state.
    pub(crate) fn state<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ArgumentError> {
        self.state.next().map_or(Ok(None), Sent::read)
    }

    pub(crate) fn context(&mut self) -> Context {
        let changed = || self.changed.iter().map(|changed| &*changed.0);
        self.context
            .get_or_insert_with(|| Context::new(changed(), self.request.clone()))
            .clone()
    }
}

impl Sent<'_> {
    fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, ArgumentError> {
        let Some(value) = self.value else {
            return Ok(None);
        };
        serde_json::from_str(value.get()).map_err(|error| ArgumentError {
            property: format!("{}.{}", self.id, self.property),
            message: without_place(&error.to_string()),
        })
    }
}

/// serde_json says where in the value it stopped; the value is named already, and is one line.
fn without_place(message: &str) -> String {
    message
        .split(" at line ")
        .next()
        .unwrap_or(message)
        .to_owned()
}

/// How deep the JSON nests. Brackets inside strings do not count.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_hears_of_a_wrong_value_and_not_the_value() {
        let error = RequestError::Argument {
            callback: "`content.children`".to_owned(),
            property: "input.value".to_owned(),
            message: "invalid type: integer `4711`, expected a string".to_owned(),
        };
        assert!(error.to_string().contains("4711"));
        assert_eq!(
            error.without_values(),
            "The callback for `content.children` cannot read `input.value`."
        );
        let body = br#"{"output":"a.b","outputs":{},"inputs":"secret"}"#;
        let error = CallRequest::parse(body).unwrap_err();
        assert!(!error.without_values().contains("secret"), "{error}");
    }

    #[test]
    fn depth_does_not_count_brackets_in_strings() {
        assert_eq!(depth(br#"{"a":[1,{"b":"[[[\"{{{"}]}"#), 3);
        assert_eq!(depth(b"1"), 0);
        assert_eq!(depth(b"]]][["), 2);
    }

    #[test]
    fn an_absent_value_and_null_are_none() {
        let body = br#"{"output":"a.b","outputs":{},"inputs":[{"id":"a","property":"b"},{"id":"a","property":"b","value":null}]}"#;
        let request = CallRequest::parse(body).unwrap();
        for sent in &request.inputs {
            assert_eq!(sent.read::<String>().unwrap(), None);
        }
    }

    #[test]
    fn a_value_of_another_type_is_named_in_words() {
        let body = br#"{"output":"a.b","outputs":{},"inputs":[{"id":"input","property":"value","value":3}]}"#;
        let request = CallRequest::parse(body).unwrap();
        let error = request.inputs[0].read::<String>().unwrap_err();
        assert_eq!(error.property, "input.value");
        assert_eq!(
            error.message,
            "invalid type: integer `3`, expected a string"
        );
    }
}
