//! The driver of lessons: what an app's page would send, made from the manifest's `operation` and from what the running app says of its
//! callbacks. `cargo xtask check`, `call` and `compare` have no other code about a lesson.

mod lesson;

pub use lesson::{Callback, Lesson, UPDATE, worker};
