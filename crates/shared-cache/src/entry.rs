//! An entry, as a file and as Redis hold it: four lines of text.
//!
//! ```text
//! shared-cache 1 5f2b…                        the SHA-256 of all that follows
//! {"written":1790000000000,"expires":1790000060000,"worker":3,"process":4711}
//! ["compute_expensive_data","A"]              the key
//! "A"                                         the value, as JSON
//! ```

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::found::Writer;
use crate::key::Key;

/// How every entry begins: what it is, and in which version.
const MAGIC: &str = "shared-cache 1 ";

/// The length of the first two lines at most, which are all that is read to find out what has expired.
pub(crate) const HEAD_LENGTH: u64 = 256;

/// When an entry was written, until when it lives, and who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) written: Millis,
    pub(crate) expires: Millis,
    #[serde(flatten)]
    pub(crate) writer: Writer,
}

impl Stamp {
    /// An entry lives from when it was written until before its end. One from the future was written while the clock was wrong:
    /// nobody knows how old it is.
    pub(crate) fn is_live(&self, now: Millis) -> bool {
        (self.written..self.expires).contains(&now)
    }
}

/// What was read, and is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) stamp: Stamp,
    /// The value, as JSON.
    pub(crate) value: String,
}

/// Why something in an entry's place is not that entry.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Damage {
    #[error("it is not an entry of this version of the cache")]
    Foreign,
    #[error("its content is not what was written: the checksums differ")]
    Checksum,
    #[error("it holds another call")]
    OtherKey,
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
}

/// The four lines.
pub(crate) fn encode(stamp: &Stamp, key: &Key, value: &str) -> String {
    // A stamp is four numbers, which are always JSON.
    let head = serde_json::to_string(stamp).unwrap_or_default();
    let body = format!("{head}\n{}\n{value}\n", key.text());
    format!("{MAGIC}{}\n{body}", checksum(body.as_bytes()))
}

/// Reads the four lines, and checks that they are those of this key.
pub(crate) fn decode(bytes: &[u8], key: &Key) -> Result<Entry, Damage> {
    let (stamp, text, value) = lines(bytes)?;
    if text != key.text() {
        return Err(Damage::OtherKey);
    }
    Ok(Entry {
        stamp,
        value: value.to_owned(),
    })
}

/// Reads the stamp from the beginning of an entry. It trusts the checksum unseen.
pub(crate) fn head(bytes: &[u8]) -> Option<Stamp> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    lines.next()?.strip_prefix(MAGIC.as_bytes())?;
    serde_json::from_slice(lines.next()?).ok()
}

fn lines(bytes: &[u8]) -> Result<(Stamp, &str, &str), Damage> {
    let text = str::from_utf8(bytes).map_err(|_| Damage::Foreign)?;
    let rest = text.strip_prefix(MAGIC).ok_or(Damage::Foreign)?;
    let (sum, body) = rest.split_once('\n').ok_or(Damage::Foreign)?;
    if sum != checksum(body.as_bytes()) {
        return Err(Damage::Checksum);
    }
    let mut lines = body.split('\n');
    let mut line = || lines.next().ok_or(Damage::Foreign);
    let stamp = serde_json::from_str(line()?).map_err(|_| Damage::Foreign)?;
    Ok((stamp, line()?, line()?))
}

fn checksum(bytes: &[u8]) -> String {
    storage::hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAMP: Stamp = Stamp {
        written: 1_790_000_000_000,
        expires: 1_790_000_060_000,
        writer: Writer {
            worker: 3,
            process: 4711,
        },
    };

    fn key() -> Key {
        Key::new("compute_expensive_data", "A").unwrap()
    }

    #[test]
    fn an_entry_is_four_lines_that_a_person_can_read() {
        let entry = encode(&STAMP, &key(), "\"A\"");
        let lines: Vec<&str> = entry.lines().collect();
        assert!(lines[0].starts_with("shared-cache 1 "), "{entry}");
        assert_eq!(
            lines[1..],
            [
                r#"{"written":1790000000000,"expires":1790000060000,"worker":3,"process":4711}"#,
                r#"["compute_expensive_data","A"]"#,
                r#""A""#,
            ]
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = encode(&STAMP, &key(), "\"A\"").into_bytes();
        let entry = decode(&bytes, &key()).unwrap();
        assert_eq!((entry.stamp, entry.value.as_str()), (STAMP, "\"A\""));
    }

    #[test]
    fn an_entry_of_another_call_is_not_taken_for_this_one() {
        let bytes = encode(&STAMP, &Key::new("other", "A").unwrap(), "1").into_bytes();
        assert!(matches!(decode(&bytes, &key()), Err(Damage::OtherKey)));
    }

    #[test]
    fn the_head_of_the_longest_stamp_is_long_enough() {
        let writer = Writer {
            worker: u32::MAX,
            process: u32::MAX,
        };
        let stamp = Stamp {
            written: u64::MAX,
            expires: u64::MAX,
            writer,
        };
        let mut bytes = encode(&stamp, &key(), "1").into_bytes();
        bytes.truncate(usize::try_from(HEAD_LENGTH).unwrap());
        assert_eq!(head(&bytes), Some(stamp));
    }

    #[test]
    fn an_entry_lives_until_its_end_and_not_longer() {
        assert!(STAMP.is_live(STAMP.expires - 1));
        assert!(!STAMP.is_live(STAMP.expires));
    }

    #[test]
    fn an_entry_from_the_future_is_none() {
        assert!(STAMP.is_live(STAMP.written));
        assert!(!STAMP.is_live(STAMP.written - 1));
    }

    proptest! {
        #[test]
        fn one_changed_byte_is_noticed(at in any::<prop::sample::Index>(), change in 1..=255_u8) {
            let mut bytes = encode(&STAMP, &key(), "[1,2,3]").into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= change;
            prop_assert!(decode(&bytes, &key()).is_err());
        }

        #[test]
        fn a_shorter_entry_is_noticed(length in any::<prop::sample::Index>()) {
            let bytes = encode(&STAMP, &key(), "[1,2,3]").into_bytes();
            prop_assert!(decode(&bytes[..length.index(bytes.len())], &key()).is_err());
        }

        #[test]
        fn arbitrary_bytes_are_no_entry(bytes: Vec<u8>) {
            prop_assert!(decode(&bytes, &key()).is_err());
            head(&bytes);
        }
    }
}
