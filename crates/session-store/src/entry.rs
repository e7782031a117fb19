//! What is kept of one session.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{OffsetDateTime, UtcOffset};

use crate::SessionName;

/// What one session holds, who wrote it and when.
///
/// As a file it is the JSON of its fields, so that a person can read it, and knows from the file alone whose it is:
///
/// ```json
/// {
///   "session": "Montréal",
///   "value": "Init",
///   "worker": 3,
///   "written": "2026-08-22T10:15:00.123Z"
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The session's name.
    pub session: String,
    /// What it holds.
    pub value: Value,
    /// The number of the worker that wrote it.
    pub worker: u32,
    /// When that was, in whole milliseconds.
    #[serde(with = "time::serde::rfc3339")]
    pub written: OffsetDateTime,
    /// From when on it counts as not there, in whole milliseconds; never, unless it is set.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    pub expires: Option<OffsetDateTime>,
}

impl Entry {
    /// An entry that a worker writes now, and that never expires.
    #[must_use]
    pub fn new(name: &SessionName, value: impl Into<Value>, worker: u32) -> Self {
        Self {
            session: name.as_str().to_owned(),
            value: value.into(),
            worker,
            written: whole_milliseconds(OffsetDateTime::now_utc()),
            expires: None,
        }
    }

    /// The same entry, which expires at this time, or with `None` never.
    #[must_use]
    pub fn expires_at(mut self, time: impl Into<Option<OffsetDateTime>>) -> Self {
        self.expires = time.into().map(whole_milliseconds);
        self
    }

    /// Whether it has not expired yet.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.expires
            .is_none_or(|expires| expires > OffsetDateTime::now_utc())
    }

    /// The JSON of its fields, one a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("text, numbers and JSON values are always JSON")
    }
}

/// What every store can hold, and a person can read.
fn whole_milliseconds(time: OffsetDateTime) -> OffsetDateTime {
    time.to_offset(UtcOffset::UTC).truncate_to_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_can_read_an_entry() {
        let json = concat!(
            "{\n",
            "  \"session\": \"Montréal\",\n",
            "  \"value\": \"Init\",\n",
            "  \"worker\": 3,\n",
            "  \"written\": \"2026-08-22T10:15:00.123Z\"\n",
            "}"
        );
        let entry: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(entry.to_json(), json);

        let new = Entry::new(&SessionName::new("Montréal").unwrap(), "Init", 3);
        assert_eq!(
            Entry {
                written: entry.written,
                ..new
            },
            entry
        );
    }

    #[test]
    fn an_entry_ends_at_its_time() {
        let entry = Entry::new(&SessionName::of_browser("a"), 1, 1);
        assert!(entry.is_live());
        let now = OffsetDateTime::now_utc();
        assert!(!entry.clone().expires_at(now).is_live());
        assert!(entry.expires_at(now + time::Duration::HOUR).is_live());
    }
}
