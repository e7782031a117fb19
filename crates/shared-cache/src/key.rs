//! What an entry is found by.

mod canonical;

use serde::Serialize;
use sha2::{Digest, Sha256};

pub use canonical::KeyError;

/// A function's name and all of its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    text: String,
    hash: String,
}

impl Key {
    pub(crate) fn new(
        function: &str,
        arguments: &(impl Serialize + ?Sized),
    ) -> Result<Self, KeyError> {
        let mut text = String::new();
        canonical::write(&mut text, &(function, arguments))?;
        let hash = storage::hex(&Sha256::digest(&text));
        Ok(Self { text, hash })
    }

    /// The whole key as canonical JSON, `["function",arguments]`: it stands in the entry and is compared when that is read, so
    /// that even two keys with one hash would not be mistaken for each other.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The SHA-256 of the text in 64 hexadecimal digits: the name of the file.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn text(arguments: impl Serialize) -> String {
        Key::new("f", &arguments).unwrap().text().to_owned()
    }

    #[test]
    fn a_key_reads_as_the_call_does() {
        assert_eq!(text(("A", 3, true)), r#"["f",["A",3,true]]"#);
        assert_eq!(text(()), r#"["f",null]"#);
    }

    #[test]
    fn a_hash_is_the_name_of_a_file() {
        let key = Key::new("f", "../../etc/passwd").unwrap();
        assert_eq!(key.hash().len(), 64);
        assert!(key.hash().bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn two_functions_share_no_key() {
        assert_ne!(Key::new("f", "a").unwrap(), Key::new("g", "a").unwrap());
    }

    #[test]
    fn values_that_plain_json_writes_alike_have_keys_of_their_own() {
        assert_ne!(text(None::<Option<u8>>), text(Some(None::<u8>)));
        assert_ne!(text(None::<()>), text(Some(())));
        assert_ne!(text(0.0), text(-0.0));
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Key::new("f", &(1, wrong)).unwrap_err();
            assert!(error.to_string().contains("finite"), "{error}");
        }
    }

    #[test]
    fn the_order_of_a_map_is_no_part_of_the_key() {
        let pairs = || (0..50).map(|n| (n.to_string(), n));
        let (first, second): (HashMap<_, _>, HashMap<_, _>) =
            (pairs().collect(), pairs().rev().collect());
        assert_eq!(text(first), text(second));
    }

    #[derive(Clone, Debug, PartialEq, Serialize)]
    enum Shape {
        Point,
        Circle(f32),
        Line(i8, i8),
        Text { line: String, size: Option<u128> },
    }

    fn shapes() -> impl Strategy<Value = Shape> {
        prop_oneof![
            Just(Shape::Point),
            (-9.0_f32..9.0).prop_map(Shape::Circle),
            any::<(i8, i8)>().prop_map(|(a, b)| Shape::Line(a, b)),
            any::<(String, Option<u128>)>().prop_map(|(line, size)| Shape::Text { line, size }),
        ]
    }

    #[test]
    fn json_of_different_shapes_has_different_keys() {
        use serde_json::json;
        let pairs = [
            (json!({}), json!([])),
            (json!({"a": 1}), json!([["a", 1]])),
            (json!(1), json!(1.0)),
            (json!({"": [["a", 1]]}), json!({"a": 1})),
            (json!("1"), json!(1)),
        ];
        for (one, other) in pairs {
            assert_ne!(text(&one), text(&other), "{one} and {other}");
        }
        assert_ne!(text(Some(1)), text([1]));
    }

    /// JSON of any shape, from few values, so that two are often alike.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        use serde_json::{Value, json};
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..2).prop_map(Value::from),
            (0..2).prop_map(|n| json!(f64::from(n))),
            "[a\"]{0,1}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec(("[ab]{0,1}", inner), 0..3)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn different_json_has_different_keys(a in json(), b in json()) {
            prop_assert_eq!(text(&a) == text(&b), a == b, "{} and {}", a, b);
        }

        #[test]
        fn different_text_has_different_keys(a: String, b: String, c: String, d: String) {
            prop_assert_eq!(text((&a, &b)) == text((&c, &d)), (a, b) == (c, d));
        }

        #[test]
        fn different_values_have_different_keys(a in shapes(), b in shapes()) {
            prop_assert_eq!(text(&a) == text(&b), a == b);
            prop_assert_eq!(text(&a), text(a.clone()));
        }

        #[test]
        fn a_key_is_json_in_one_line(shape in shapes()) {
            let text = text(&shape);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
            prop_assert!(!text.contains('\n'));
        }
    }
}
