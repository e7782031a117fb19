//! The Rust of the chapters, as documentation tests: what a chapter tells readers to write compiles against the real crates.
//!
//! rustdoc takes each block for an example of the module above it. Parts of real files are `rust,ignore`, and left out.

/// A module for each chapter. A test compares the list with SUMMARY.md.
macro_rules! chapters {
    ($($module:ident: $file:literal,)+) => {
        $(
            #[doc = include_str!(concat!("../../src/", $file))]
            mod $module {}
        )+
    };
}

chapters! {
    sharing: "sharing.md",
    frontend_backend: "frontend-backend.md",
    global_variable: "global-variable.md",
    option1: "option1.md",
    option2: "option2.md",
    option3: "option3.md",
    option4: "option4.md",
    choosing: "choosing.md",
    several_machines: "several-machines.md",
    dash: "dash.md",
    inside: "inside.md",
    reference: "reference.md",
}
