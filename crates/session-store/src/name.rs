//! Names: what a person typed becomes a key that any file system, database and server can hold.

use std::fmt;

use sha2::{Digest, Sha256};

/// The most characters that a session's name may have.
pub const LONGEST_NAME: usize = 200;

/// How much of a name can be read in its key. The hash tells names apart, this part is for people.
const LONGEST_SLUG: usize = 32;

/// The name of one session, and the key that it is kept under.
///
/// Two names are the same session only if they are the same bytes. So `A` and `a` are two sessions, and so are an `é` of one
/// character and an `é` of a letter and an accent (Unicode's NFC and NFD), although they look alike: to take them for one would
/// need a rule that the reader of a page cannot see.
///
/// The key is a readable part and the SHA-256 of the name. It holds lower-case ASCII letters, digits, `-` and `_` only, so that no name
/// reaches outside a folder, and file systems that ignore case or change Unicode see different keys all the same.
///
/// ```
/// use session_store::SessionName;
///
/// let name = SessionName::new("../Montréal")?;
/// assert_eq!(name.as_str(), "../Montréal");
/// assert!(name.key().starts_with("montr-al-"));
/// # Ok::<(), session_store::InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionName {
    shown: String,
    key: String,
}

/// Why a text is not the name of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// It has no characters.
    #[error("a session's name has 1 to {LONGEST_NAME} characters, and this one has none")]
    Empty,
    /// It has more characters than [`LONGEST_NAME`].
    #[error(
        "a session's name has at most {LONGEST_NAME} characters, and this one has {length}: choose a shorter one"
    )]
    TooLong {
        /// How many it has.
        length: usize,
    },
}

impl SessionName {
    /// The session with this name, which may be any text of 1 to [`LONGEST_NAME`] characters.
    ///
    /// # Errors
    ///
    /// If the text is empty or longer.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidName> {
        let shown = name.into();
        match shown.chars().count() {
            0 => Err(InvalidName::Empty),
            1..=LONGEST_NAME => {
                let key = format!("{}-{}", slug(&shown), sha256(&shown));
                Ok(Self { shown, key })
            }
            length => Err(InvalidName::TooLong { length }),
        }
    }

    /// The session of a browser that has named none. `token` tells browsers apart; no typed name is ever the same session.
    #[must_use]
    pub fn of_browser(token: &str) -> Self {
        Self {
            shown: format!("browser {token}"),
            // A slug has no `_`: the keys of typed names and these are two different sets.
            key: format!("_browser-{}", sha256(token)),
        }
    }

    /// The record behind a cookie. Neither the key nor the entry holds the cookie's id: to read the store is not to own its sessions.
    #[cfg(feature = "tower-sessions")]
    pub(crate) fn of_cookie(id: &str) -> Self {
        let hash = sha256(id);
        Self {
            shown: format!("cookie {hash}"),
            key: format!("_cookie-{hash}"),
        }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What the session is kept under: the file's name without its ending, the row's key, the last part of the Redis key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether a text looks like a key: something readable, and a hash.
    pub(crate) fn is_key(text: &str) -> bool {
        text.rsplit_once('-').is_some_and(|(_, hash)| {
            hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The letters and digits of a name, for whoever looks into the folder.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        if slug.len() == LONGEST_SLUG {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        return "session".to_owned();
    }
    slug.to_owned()
}

fn sha256(text: &str) -> String {
    storage::hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        SessionName::new(name).unwrap().key
    }

    #[test]
    fn a_key_can_be_read_and_ends_with_the_hash_of_the_exact_bytes() {
        assert_eq!(
            key("abc"),
            "abc-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(key("  New York, NY ").starts_with("new-york-ny-"));
        assert!(key("東京").starts_with("session-"));
    }

    #[test]
    fn names_that_look_alike_are_different_sessions() {
        let names = ["A", "a", "a ", "\u{e9}", "e\u{301}", "a\0", "\u{ff41}"];
        let keys: std::collections::HashSet<_> = names.iter().map(|name| key(name)).collect();
        assert_eq!(keys.len(), names.len());
    }

    #[test]
    fn a_name_is_counted_in_characters_not_in_bytes() {
        assert!(SessionName::new("é".repeat(200)).is_ok());
        let error = SessionName::new("é".repeat(201)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a session's name has at most 200 characters, and this one has 201: choose a shorter one"
        );
        assert_eq!(SessionName::new(""), Err(InvalidName::Empty));
    }

    #[test]
    fn nobody_can_type_the_name_of_a_browsers_own_session() {
        let own = SessionName::of_browser("abc");
        for typed in ["abc", "browser abc", "_browser-abc", own.key()] {
            assert_ne!(key(typed), own.key);
        }
    }
}
