//! The body of `POST /_dash-update-component`: what the browser sends to have a callback called.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use http::request::Parts;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::context::Context;
use crate::declaration::Declaration;
use crate::property::Dependency;
use crate::security::Foreign;

/// Why a request is not a call. Each is a status of 4xx with the message as its sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("The call comes from a page of another site: expected one from this app's own page.")]
    CrossSite,
    #[error(
        "The page is at {page}, and this server was asked as {asked}: expected one name. If a proxy changes it, have the proxy send the page's: `proxy_set_header X-Forwarded-Host $http_host;` is nginx's line for it."
    )]
    OtherHost { page: String, asked: String },
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
    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::ContentType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::CrossSite | Self::OtherHost { .. } => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        }
    }

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

impl From<Foreign> for RequestError {
    fn from(foreign: Foreign) -> Self {
        match foreign {
            Foreign::Site => Self::CrossSite,
            Foreign::Host { page, asked } => Self::OtherHost { page, asked },
        }
    }
}

/// An argument's value is not of the type that the function declares.
#[derive(Debug)]
pub struct ArgumentError {
    pub(crate) property: String,
    pub(crate) message: String,
}

/// A call as it was sent. Nothing is copied that need not be.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub(crate) struct CallRequest<'a> {
    #[serde(borrow)]
    pub(crate) output: Cow<'a, str>,
    #[serde(borrow)]
    outputs: &'a RawValue,
    #[serde(borrow)]
    inputs: Vec<Entry<'a>>,
    #[serde(borrow, default, rename = "changedPropIds")]
    changed: Vec<Text<'a>>,
    #[serde(borrow, default)]
    state: Option<Vec<Entry<'a>>>,
}

/// serde borrows text inside a list only through a type of its own.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

// ANCHOR: sent
/// One input or state with its value. An absent value and null are both Dash's `None`.
#[derive(Debug)]
struct Entry<'a> {
    id: Cow<'a, str>,
    property: Cow<'a, str>,
    value: Option<&'a RawValue>,
}
// ANCHOR_END: sent

impl<'de: 'a, 'a> Deserialize<'de> for Entry<'a> {
    // By hand, because what serde derives also takes a list of the three.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `id`, `property` and `value`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut id, mut property, mut value) = (None, None, None);
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "id" => id = Some(map.next_value::<Text<'_>>()?.0),
                "property" => property = Some(map.next_value::<Text<'_>>()?.0),
                "value" => value = map.next_value()?,
                _ => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        Ok(Entry {
            id: id.ok_or_else(|| A::Error::missing_field("id"))?,
            property: property.ok_or_else(|| A::Error::missing_field("property"))?,
            value,
        })
    }
}

impl Entry<'_> {
    fn is(&self, declared: &Dependency) -> bool {
        self.id == declared.id && self.property == declared.property
    }

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

/// serde_json ends its messages with the place in the value. The property is named already, and its value is one line.
fn without_place(message: &str) -> String {
    let text = message.rsplit_once(" at line ");
    text.map_or(message, |(text, _)| text).to_owned()
}

impl<'a> CallRequest<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => Err(RequestError::Empty),
            Some(b'{') => {
                serde_json::from_slice(body).map_err(|error| RequestError::Json(error.to_string()))
            }
            Some(_) => Err(RequestError::Json("it is not an object".to_owned())),
        }
    }

    /// Checks that the body is a call of the callback that is declared so: same outputs, inputs and states, in the same order.
    pub(crate) fn check(&self, declared: &Declaration) -> Result<(), RequestError> {
        self.check_outputs(declared)?;
        check_list(declared, "inputs", &self.inputs, &declared.inputs)?;
        check_list(declared, "states", self.states(), &declared.state)
    }

    fn check_outputs(&self, declared: &Declaration) -> Result<(), RequestError> {
        let text = self.outputs.get();
        let sent = if declared.several_outputs {
            serde_json::from_str::<Vec<Entry<'_>>>(text)
        } else {
            serde_json::from_str(text).map(|entry| vec![entry])
        };
        let agrees = |sent: &Vec<Entry<'_>>| {
            let mut pairs = sent.iter().zip(&declared.outputs);
            sent.len() == declared.outputs.len() && pairs.all(|(sent, output)| sent.is(output))
        };
        if sent.is_ok_and(|sent| agrees(&sent)) {
            return Ok(());
        }
        Err(RequestError::OtherOutputs {
            callback: declared.outputs_in_words(),
            expected: if declared.several_outputs {
                "a list of the `id` and `property` of each".to_owned()
            } else {
                "an object of its `id` and `property`".to_owned()
            },
        })
    }

    fn states(&self) -> &[Entry<'a>] {
        self.state.as_deref().unwrap_or_default()
    }

    /// The arguments, to be read in the order of their declaration. The first that asks for a [`Context`] takes the request.
    pub(crate) fn reader<'r>(
        &'r self,
        request: Parts,
        context: &'r mut Option<Context>,
    ) -> ArgumentReader<'r> {
        ArgumentReader {
            inputs: self.inputs.iter(),
            state: self.states().iter(),
            changed: &self.changed,
            request: Some(request),
            context,
        }
    }
}

fn check_list(
    callback: &Declaration,
    list: &'static str,
    sent: &[Entry<'_>],
    declared: &[Dependency],
) -> Result<(), RequestError> {
    if sent.len() != declared.len() {
        return Err(RequestError::Count {
            callback: callback.outputs_in_words(),
            list,
            sent: sent.len(),
            expected: declared.len(),
        });
    }
    let mut pairs = sent.iter().zip(declared);
    match pairs.find(|(sent, declared)| !sent.is(declared)) {
        None => Ok(()),
        Some((sent, declared)) => Err(RequestError::OtherArgument {
            callback: callback.outputs_in_words(),
            list,
            sent: format!("{}.{}", sent.id, sent.property),
            expected: declared.to_string(),
        }),
    }
}

/// Reads the arguments of one call, as they were sent.
#[derive(Debug)]
pub struct ArgumentReader<'a> {
    inputs: std::slice::Iter<'a, Entry<'a>>,
    state: std::slice::Iter<'a, Entry<'a>>,
    changed: &'a [Text<'a>],
    request: Option<Parts>,
    context: &'a mut Option<Context>,
}

impl ArgumentReader<'_> {
    /// The value of the next input.
    pub(crate) fn input<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ArgumentError> {
        self.inputs.next().map_or(Ok(None), Entry::read)
    }

    /// Passes over the next input.
    pub(crate) fn skip_input(&mut self) {
        self.inputs.next();
    }

    /// The value of the next state.
    pub(crate) fn state<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ArgumentError> {
        self.state.next().map_or(Ok(None), Entry::read)
    }

    pub(crate) fn context(&mut self) -> Context {
        let changed = || self.changed.iter().map(|changed| &*changed.0);
        let request = &mut self.request;
        self.context
            .get_or_insert_with(|| {
                // The request is there: it is taken here alone, and only for the first context.
                let request = request.take();
                let request = request.unwrap_or_else(|| http::Request::new(()).into_parts().0);
                Context::new(changed(), request)
            })
            .clone()
    }
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
    fn the_place_in_a_value_is_left_out_and_what_looks_like_one_stays() {
        let body = br#"{"output":"a.b","outputs":{},"inputs":[{"id":"n","property":"value","value":"x at line y"}]}"#;
        let request = CallRequest::parse(body).unwrap();
        let error = request.inputs[0].read::<f64>().unwrap_err();
        assert_eq!(
            error.message,
            "invalid type: string \"x at line y\", expected f64"
        );
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
