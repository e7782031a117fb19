//! What `session-store` and `shared-cache` have in common: files that are locked and replaced, and the connection to Redis.

pub mod files;
#[cfg(feature = "redis")]
pub mod redis;

/// Bytes as lower-case hexadecimal digits.
///
/// ```
/// assert_eq!(storage::hex(&[0, 255]), "00ff");
/// ```
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}
