//! Arguments as canonical JSON: equal ones are written alike, and different ones of one type never are.
//!
//! Plain JSON does not promise that. It writes `None`, `Some(None)`, `()` and NaN as `null`, and a map in the order in which it is
//! stored. Here `Some(x)` is `{"Some":x}`, a map is `{"":[…]}` with its pairs in order, and a number that is not finite is refused. No
//! struct and no list looks like either, so that `serde_json::Value`, whose values have any shape, is safe as an argument too.

use std::fmt::{Display, Write as _};

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

/// Why arguments cannot be part of a key.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// NaN is not equal to itself, so that it would be found again by chance only; the infinities are refused with it.
    #[error("{0} is no argument of a memoized function: a number must be finite")]
    NotFinite(f64),
    /// An argument refused to be serialized.
    #[error("an argument cannot be written: {0}")]
    Argument(String),
}

impl ser::Error for KeyError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Argument(message.to_string())
    }
}

/// How `Some` begins: as a variant of any other enum.
const SOME: &str = r#"{"Some":"#;
/// How a map begins: no field of a struct has an empty name.
const MAP: &str = r#"{"":"#;

/// Appends the arguments to `text`.
pub(super) fn write(
    text: &mut String,
    arguments: &(impl Serialize + ?Sized),
) -> Result<(), KeyError> {
    arguments.serialize(Canonical(text))
}

/// Appends text as JSON spells it: in quotes, with control characters escaped.
fn write_text(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() && c.is_ascii() => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

struct Canonical<'a>(&'a mut String);

impl<'a> Canonical<'a> {
    fn display(self, value: impl Display) -> Result<(), KeyError> {
        let _ = write!(self.0, "{value}");
        Ok(())
    }

    /// Begins what ends with `close`.
    fn open(self, open: &str, close: &'static str) -> Result<Compound<'a>, KeyError> {
        self.0.push_str(open);
        Ok(Compound {
            text: self.0,
            first: true,
            close,
        })
    }

    /// Begins the content of an enum's variant: an object with the one key that says which it is.
    fn variant(
        self,
        variant: &str,
        open: &str,
        close: &'static str,
    ) -> Result<Compound<'a>, KeyError> {
        self.0.push('{');
        write_text(self.0, variant);
        self.0.push(':');
        self.open(open, close)
    }
}

macro_rules! displayed {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<(), KeyError> {
            self.display(value)
        }
    )*};
}

impl<'a> ser::Serializer for Canonical<'a> {
    type Ok = ();
    type Error = KeyError;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Pairs<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    displayed! {
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    }

    fn serialize_f32(self, value: f32) -> Result<(), KeyError> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), KeyError> {
        if !value.is_finite() {
            return Err(KeyError::NotFinite(value));
        }
        // As `1.0`, where the integer is `1`.
        let _ = write!(self.0, "{value:?}");
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), KeyError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), KeyError> {
        write_text(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), KeyError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), KeyError> {
        self.display("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), KeyError> {
        let mut content = self.open(SOME, "}")?;
        content.item(value)?;
        content.close()
    }

    fn serialize_unit(self) -> Result<(), KeyError> {
        self.display("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), KeyError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), KeyError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), KeyError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), KeyError> {
        let mut content = self.variant(variant, "", "}")?;
        content.item(value)?;
        content.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'a>, KeyError> {
        self.open("[", "]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'a>, KeyError> {
        self.open("[", "]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound<'a>, KeyError> {
        self.open("[", "]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'a>, KeyError> {
        self.variant(variant, "[", "]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Pairs<'a>, KeyError> {
        Ok(Pairs {
            text: self.0,
            key: String::new(),
            pairs: Vec::new(),
        })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'a>, KeyError> {
        self.open("{", "}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'a>, KeyError> {
        self.variant(variant, "{", "}}")
    }
}

/// A list or an object that is being written.
struct Compound<'a> {
    text: &'a mut String,
    first: bool,
    close: &'static str,
}

impl Compound<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        if !self.first {
            self.text.push(',');
        }
        self.first = false;
        write(self.text, value)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), KeyError> {
        self.item(name)?;
        self.text.push(':');
        write(self.text, value)
    }

    fn close(self) -> Result<(), KeyError> {
        self.text.push_str(self.close);
        Ok(())
    }
}

macro_rules! compounds {
    ($($trait:ident::$method:ident($($name:ident: $type:ty)?) = $write:ident;)*) => {$(
        impl $trait for Compound<'_> {
            type Ok = ();
            type Error = KeyError;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: $type,)? value: &T) -> Result<(), KeyError> {
                self.$write($($name,)? value)
            }

            fn end(self) -> Result<(), KeyError> {
                self.close()
            }
        }
    )*};
}

compounds! {
    SerializeSeq::serialize_element() = item;
    SerializeTuple::serialize_element() = item;
    SerializeTupleStruct::serialize_field() = item;
    SerializeTupleVariant::serialize_field() = item;
    SerializeStruct::serialize_field(name: &'static str) = field;
    SerializeStructVariant::serialize_field(name: &'static str) = field;
}

/// A map that is being written: its pairs wait until all are known, and are sorted then.
struct Pairs<'a> {
    text: &'a mut String,
    key: String,
    pairs: Vec<(String, String)>,
}

impl SerializeMap for Pairs<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), KeyError> {
        self.key.clear();
        write(&mut self.key, key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        let mut written = String::new();
        write(&mut written, value)?;
        self.pairs.push((std::mem::take(&mut self.key), written));
        Ok(())
    }

    fn end(mut self) -> Result<(), KeyError> {
        self.pairs.sort_unstable();
        let pairs = self
            .pairs
            .iter()
            .map(|(key, value)| format!("[{key},{value}]"));
        let list = pairs.collect::<Vec<_>>().join(",");
        let _ = write!(self.text, "{MAP}[{list}]}}");
        Ok(())
    }
}
