//! The key that all workers share.

use std::{
    env,
    fmt::Write,
    fs::File,
    io::{self, Read},
};

use crate::Config;

/// The variable that holds the key: what one worker has signed another must be able to check.
const VARIABLE: &str = "SECRET_KEY";

/// Makes a key for the workers, unless they have been given one.
pub(crate) fn hand_down(config: Config) -> io::Result<Config> {
    let configured = config
        .envs
        .iter()
        .any(|(key, value)| key == VARIABLE && !value.is_empty());
    let inherited = env::var_os(VARIABLE).is_some_and(|value| !value.is_empty());
    if configured || inherited {
        return Ok(config);
    }
    Ok(config.env(VARIABLE, random_key()?))
}

/// 32 random bytes, as 64 hexadecimal digits.
fn random_key() -> io::Result<String> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_digits_and_never_the_same() {
        let (one, other) = (random_key().unwrap(), random_key().unwrap());
        assert!(one.len() == 64 && one.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(one, other);
    }

    #[test]
    fn a_key_that_was_configured_stays() {
        let config = hand_down(Config::new("app", "app").env(VARIABLE, "ours")).unwrap();
        assert_eq!(config.envs.iter().count(), 1);
    }
}
