//! The lessons in front of a real browser: one module for each tutorial, one for faults, one for a Redis that is gone, one for nginx in front, one
//! for the stage, one for what axe-core finds, one for the link to the book, and one for the harness itself. `typing` and `recovery` draw pages of their own, for what no lesson
//! shows, and `watch` edits a copy of the workspace.
//!
//! Each test states under how many workers its claim holds; `E2E_WORKERS=8` tries those for several alone, with eight.

mod accessible;
mod book;
mod faults;
mod frontend_backend;
mod global_variable;
mod harness;
mod option1;
mod option2;
mod option2_counter;
mod option2_inputs;
mod option3;
mod option4;
mod own_page;
mod proxy;
mod recovery;
mod redis;
mod signal;
mod stage;
mod typing;
mod watch;
mod workspace_copy;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let mut files = vec![
        signal::TESTS,
        accessible::TESTS,
        book::TESTS,
        faults::TESTS,
        frontend_backend::TESTS,
        global_variable::TESTS,
        harness::TESTS,
        option1::TESTS,
        option2::TESTS,
        option2_counter::TESTS,
        option2_inputs::TESTS,
        option3::TESTS,
        option4::TESTS,
        proxy::TESTS,
        recovery::TESTS,
        redis::TESTS,
        stage::TESTS,
        typing::TESTS,
        watch::TESTS,
    ];
    // Not a test of anything: what a failure says is seen in one.
    if env::var_os(harness::ON_PURPOSE).is_some() {
        files.push(harness::on_purpose::TESTS);
    }
    ::harness::run_suite("browser", file!(), &files)
}
