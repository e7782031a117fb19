//! What a supervisor and its workers agree on, written once.
//!
//! The crate `workers` is the supervisor's side and `serve` the worker's. Each module here is one subject, with both of its ends: an
//! app that runs alone binds its socket as the supervisor does, and what one side writes the other reads.

pub mod address;
pub mod bind;
pub mod inherited;
pub mod notify;
pub mod order;
pub mod seconds;
pub mod variable;

pub use address::Bind;
