//! What a supervisor and its workers agree on, written once.
//!
//! The crate `workers` is the supervisor's side and `serve` the worker's. Each module here is one subject, with both of its ends.

pub mod order;
pub mod variable;
