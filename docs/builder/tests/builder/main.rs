//! The program `builder`, from outside: what it builds, what it finds, and what it serves.

mod build;
mod mistakes;
mod serve;
mod small;
