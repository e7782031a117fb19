//! The lessons in front of a real browser: one module for each tutorial, one for faults, one for a Redis that is gone, one for the lens,
//! one for the link to the book, and one for the harness itself.
//!
//! Each test states under how many workers its claim holds; `E2E_WORKERS=8` tries those for several alone, with eight.

mod book;
mod faults;
mod frontend_backend;
mod global_variable;
mod harness;
mod lens;
mod option1;
mod option2;
mod option2_inputs;
mod option3;
mod option4;
mod redis;
