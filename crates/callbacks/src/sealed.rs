//! What keeps other crates from implementing the traits that only this one can.

/// A parameter that no other crate can name.
#[derive(Debug)]
pub struct Sealed;
