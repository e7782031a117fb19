//! A serde serializer that checks each value, and hands it on to another serializer.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{self, Error as _, Serializer};

use super::{Position, check_exact, check_finite};

/// A value that is checked while it is written.
struct CheckedValue<'a, T: ?Sized> {
    value: &'a T,
    at: Position<'a>,
}

impl<T: Serialize + ?Sized> Serialize for CheckedValue<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Checked {
            serializer,
            at: self.at,
        })
    }
}

/// A serializer that checks what it hands on to another one.
pub(super) struct Checked<'a, S> {
    pub(super) serializer: S,
    pub(super) at: Position<'a>,
}

/// Methods of `Serializer` for values that any JSON holds.
macro_rules! hand_on {
    ($($method:ident: $value:ty,)*) => {$(
        fn $method(self, value: $value) -> Result<Self::Ok, Self::Error> {
            self.serializer.$method(value)
        }
    )*};
}

/// Methods of `Serializer` for numbers that a browser may not hold.
macro_rules! check_numbers {
    ($($method:ident: $number:ty, $check:ident;)*) => {$(
        fn $method(self, number: $number) -> Result<Self::Ok, Self::Error> {
            $check(number)?;
            self.serializer.$method(number)
        }
    )*};
}

impl<'a, S: Serializer> Serializer for Checked<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = CheckedParts<'a, S::SerializeSeq>;
    type SerializeTuple = CheckedParts<'a, S::SerializeTuple>;
    type SerializeTupleStruct = CheckedParts<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = CheckedParts<'a, S::SerializeTupleVariant>;
    type SerializeMap = CheckedParts<'a, S::SerializeMap>;
    type SerializeStruct = CheckedParts<'a, S::SerializeStruct>;
    type SerializeStructVariant = CheckedParts<'a, S::SerializeStructVariant>;

    hand_on! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_char: char,
        serialize_str: &str,
        serialize_bytes: &[u8],
    }

    check_numbers! {
        serialize_i64: i64, check_exact;
        serialize_i128: i128, check_exact;
        serialize_u64: u64, check_exact;
        serialize_u128: u128, check_exact;
        serialize_f32: f32, check_finite;
        serialize_f64: f64, check_finite;
    }

    fn serialize_none(self) -> Result<Self::Ok, Self::Error> {
        self.at.check_none()?;
        self.serializer.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Self::Error> {
        self.serializer.serialize_some(&CheckedValue {
            value,
            at: self.at.inside_some(),
        })
    }

    fn serialize_unit(self) -> Result<Self::Ok, Self::Error> {
        self.at.check_unit()?;
        self.serializer.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<Self::Ok, Self::Error> {
        self.at.check_unit()?;
        self.serializer.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, Self::Error> {
        self.serializer.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Self::Error> {
        let value = CheckedValue { value, at: self.at };
        self.serializer.serialize_newtype_struct(name, &value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Self::Error> {
        let at = self.at.inside()?;
        let value = CheckedValue { value, at };
        let written = self
            .serializer
            .serialize_newtype_variant(name, index, variant, &value);
        written.inspect_err(|_| at.trail.push(format!(".{variant}")))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, Self::Error> {
        CheckedParts::new(self.at, self.serializer.serialize_seq(len)?)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, Self::Error> {
        CheckedParts::new(self.at, self.serializer.serialize_tuple(len)?)
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, Self::Error> {
        let parts = self.serializer.serialize_tuple_struct(name, len)?;
        CheckedParts::new(self.at, parts)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, Self::Error> {
        let parts = self
            .serializer
            .serialize_tuple_variant(name, index, variant, len)?;
        CheckedParts::new(self.at, parts)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, Self::Error> {
        CheckedParts::new(self.at, self.serializer.serialize_map(len)?)
    }

    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, Self::Error> {
        CheckedParts::new(self.at, self.serializer.serialize_struct(name, len)?)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, Self::Error> {
        let parts = self
            .serializer
            .serialize_struct_variant(name, index, variant, len)?;
        CheckedParts::new(self.at, parts)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Self::Ok, Self::Error> {
        self.serializer.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.serializer.is_human_readable()
    }
}

/// The parts of a list, a map or a struct, each of which is checked.
pub(super) struct CheckedParts<'a, P> {
    parts: P,
    at: Position<'a>,
    index: usize,
}

impl<'a, P> CheckedParts<'a, P> {
    fn new<E: ser::Error>(around: Position<'a>, parts: P) -> Result<Self, E> {
        Ok(Self {
            parts,
            at: around.inside()?,
            index: 0,
        })
    }

    fn checked<'v, T: ?Sized>(&self, value: &'v T) -> CheckedValue<'v, T>
    where
        'a: 'v,
    {
        CheckedValue { value, at: self.at }
    }
}

/// The four traits for parts that have a place in a list.
macro_rules! numbered_parts {
    ($($kind:ident::$method:ident,)*) => {$(
        impl<P: ser::$kind> ser::$kind for CheckedParts<'_, P> {
            type Ok = P::Ok;
            type Error = P::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), P::Error> {
                let (index, trail) = (self.index, self.at.trail);
                self.index += 1;
                let value = self.checked(value);
                let written = self.parts.$method(&value);
                written.inspect_err(|_| trail.push(format!("[{index}]")))
            }

            fn end(self) -> Result<P::Ok, P::Error> {
                self.parts.end()
            }
        }
    )*};
}

numbered_parts! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

/// The two traits for parts that have a name.
macro_rules! named_parts {
    ($($kind:ident,)*) => {$(
        impl<P: ser::$kind> ser::$kind for CheckedParts<'_, P> {
            type Ok = P::Ok;
            type Error = P::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), P::Error> {
                let value = self.checked(value);
                let written = self.parts.serialize_field(name, &value);
                written.inspect_err(|_| self.at.trail.push(format!(".{name}")))
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), P::Error> {
                self.parts.skip_field(name)
            }

            fn end(self) -> Result<P::Ok, P::Error> {
                self.parts.end()
            }
        }
    )*};
}

named_parts! { SerializeStruct, SerializeStructVariant, }

impl<P: ser::SerializeMap> ser::SerializeMap for CheckedParts<'_, P> {
    type Ok = P::Ok;
    type Error = P::Error;

    /// A key becomes text. The serializer of JSON refuses one that cannot.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), P::Error> {
        self.parts.serialize_key(key).map_err(|_| {
            P::Error::custom(
                "a key of a map is neither text nor a number, which JSON has not: use a list of pairs",
            )
        })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), P::Error> {
        let value = self.checked(value);
        self.parts.serialize_value(&value)
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), P::Error> {
        self.serialize_key(key)?;
        self.serialize_value(value).inspect_err(|_| {
            if let Ok(key) = serde_json::to_string(key) {
                self.at.trail.push(format!("[{key}]"));
            }
        })
    }

    fn end(self) -> Result<P::Ok, P::Error> {
        self.parts.end()
    }
}
