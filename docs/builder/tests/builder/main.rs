//! The program `book`, from outside: what it builds, what it refuses, and what it serves.

mod build;
mod serve;
mod small;
