//! The program `builder`; see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    builder::run()
}
