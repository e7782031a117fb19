//! Writing a value as JSON that is read back as the same value, by a browser and by the next callback.
//!
//! serde_json writes NaN as null, a `None` within a `Some` as null, and every digit of a whole number that a browser then rounds. Each of
//! these is written without a word, and breaks the callback that reads the value later. Here they are refused while they are written.

mod serializer;

use std::cell::RefCell;
use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser;
use serde_json::value::RawValue;

use self::serializer::Checked;

/// How deep a value may nest. serde_json reads 128 levels, and the body of a call needs a few of them.
const DEPTH_LIMIT: u8 = 124;

/// Why a value cannot be written, and where in the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwritable {
    /// Such as `[1].y`; empty for the value itself.
    place: String,
    reason: String,
}

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match self.place.as_str() {
            "" => Ok(()),
            place => write!(f, " (at `{}`)", place.trim_start_matches('.')),
        }
    }
}

/// Appends the value to `json`. After an error a part of it has been appended.
pub(crate) fn write(
    value: &(impl Serialize + ?Sized),
    json: &mut Vec<u8>,
) -> Result<(), Unwritable> {
    let trail = Trail::default();
    let checked = Checked {
        serializer: &mut serde_json::Serializer::new(json),
        at: Position {
            trail: &trail,
            depth: 0,
            within: Within::Property,
        },
    };
    value.serialize(checked).map_err(|error| Unwritable {
        place: trail.into_place(),
        reason: error.to_string(),
    })
}

/// The value as a piece of JSON.
pub(crate) fn to_raw(value: &(impl Serialize + ?Sized)) -> Result<Box<RawValue>, Unwritable> {
    let mut json = Vec::with_capacity(16);
    write(value, &mut json)?;
    let unreadable = |error: &dyn Display| Unwritable {
        place: String::new(),
        reason: error.to_string(),
    };
    let json = String::from_utf8(json).map_err(|error| unreadable(&error))?;
    RawValue::from_string(json).map_err(|error| unreadable(&error))
}

/// Whether a browser sends a whole number back with the same digits.
///
/// Its numbers are `f64`. Up to 2^53 all whole numbers are exact. Beyond that a browser prints the shortest digits that mean the same `f64`,
/// as Rust does, and from 10^21 on it prints an exponent, which is not read as a whole number.
pub(crate) fn is_exact(number: i128) -> bool {
    const EXACT: u128 = 1 << 53;
    const EXPONENT: u128 = 1_000_000_000_000_000_000_000;
    let size = number.unsigned_abs();
    size <= EXACT || size < EXPONENT && (number as f64).to_string() == number.to_string()
}

/// The way from the place of an error to the outside, put together while the error goes that way.
#[derive(Default)]
struct Trail(RefCell<Vec<String>>);

impl Trail {
    fn push(&self, step: String) {
        self.0.borrow_mut().push(step);
    }

    fn into_place(self) -> String {
        const SHOWN: usize = 12;
        let steps = self.0.into_inner();
        let shown = steps.iter().rev().take(SHOWN).map(String::as_str);
        let more = (steps.len() > SHOWN).then_some("…");
        shown.chain(more).collect()
    }
}

#[derive(Clone, Copy)]
struct Position<'a> {
    trail: &'a Trail,
    depth: u8,
    within: Within,
}

/// What is directly around a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// The property itself.
    Property,
    /// A list, a map or a struct.
    Collection,
    /// A `Some` that is the property's value. Null is then Dash's `None`, and means the same.
    PropertySome,
    /// Any other `Some`.
    Some,
}

impl Position<'_> {
    fn inside_some(self) -> Self {
        let within = match self.within {
            Within::Property => Within::PropertySome,
            Within::Collection | Within::PropertySome | Within::Some => Within::Some,
        };
        Self { within, ..self }
    }

    fn inside<E: ser::Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH_LIMIT {
            return Err(E::custom(format_args!(
                "it nests deeper than {DEPTH_LIMIT} levels, which no callback can read"
            )));
        }
        Ok(Self {
            depth: self.depth + 1,
            within: Within::Collection,
            ..self
        })
    }

    /// Refuses a `None` that would be read as the `Option` around it.
    fn check_none<E: ser::Error>(self) -> Result<(), E> {
        match self.within {
            Within::Property | Within::Collection => Ok(()),
            Within::PropertySome | Within::Some => Err(E::custom(
                "it is `Some(None)`, which JSON cannot tell from `None`: use one `Option`, or an enum",
            )),
        }
    }

    fn check_unit<E: ser::Error>(self) -> Result<(), E> {
        match self.within {
            Within::Some => Err(E::custom(
                "it is null within a `Some`, which JSON cannot tell from `None`",
            )),
            Within::Property | Within::Collection | Within::PropertySome => Ok(()),
        }
    }
}

fn check_finite<E: ser::Error>(number: impl Into<f64>) -> Result<(), E> {
    let number = number.into();
    if number.is_finite() {
        return Ok(());
    }
    Err(E::custom(format_args!(
        "JSON has no number for {number}: use `None`, or text"
    )))
}

fn check_exact<E: ser::Error>(number: impl TryInto<i128> + Display + Copy) -> Result<(), E> {
    if number.try_into().is_ok_and(is_exact) {
        return Ok(());
    }
    Err(E::custom(format_args!(
        "a browser rounds the whole number {number}, which is beyond 2^53: use text"
    )))
}
