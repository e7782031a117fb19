//! The key that all workers share.

use std::{
    env,
    fmt::{self, Write},
    fs::File,
    io::{self, Read},
    sync::Arc,
};

use crate::Error;

/// A shorter key can be guessed.
const SHORTEST: usize = 16;

/// A key that all workers of an app have and nobody else: for signing what a client keeps, such as a cookie.
///
/// It is `SECRET_KEY` of the environment, which the supervisor sets if nobody else has. A program alone makes itself a
/// new one at each start. `Debug` and `Display` do not show it, so that it gets into no log.
#[derive(Clone)]
pub struct Secret(Arc<[u8]>);

impl Secret {
    /// The key itself, at least 16 bytes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn from_env() -> Result<Self, Error> {
        let value = env::var_os("SECRET_KEY").unwrap_or_default();
        Self::read(value.as_encoded_bytes())
    }

    fn read(value: &[u8]) -> Result<Self, Error> {
        match value.len() {
            0 => Self::random().map_err(Error::Randomness),
            SHORTEST.. => Ok(Self(value.into())),
            length => Err(Error::ShortSecret {
                length,
                shortest: SHORTEST,
            }),
        }
    }

    fn random() -> io::Result<Self> {
        let mut bytes = [0; 32];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
            // Writing to a string does not fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        Ok(Self(digits.into_bytes().into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_environment_is_taken_as_it_is() {
        let secret = Secret::read(b"correct horse battery").unwrap();
        assert_eq!(secret.expose(), b"correct horse battery");
    }

    #[test]
    fn a_key_shows_itself_to_nobody_who_does_not_ask() {
        let secret = Secret::read(b"correct horse battery").unwrap();
        let shown = format!("{secret:?} {secret:#?} {secret}");
        assert!(!shown.contains("horse"), "{shown}");
    }

    #[test]
    fn without_one_each_start_makes_its_own() {
        let keys = [(); 2].map(|()| Secret::read(b"").unwrap());
        assert_eq!(keys[0].expose().len(), 64);
        assert_ne!(keys[0].expose(), keys[1].expose());
    }

    #[test]
    fn a_key_that_is_too_short_is_refused_and_not_repeated() {
        let error = Secret::read(b"hunter2").unwrap_err().to_string();
        assert!(error.contains("7 bytes") && error.contains("16"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
