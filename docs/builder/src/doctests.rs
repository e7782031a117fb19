//! The Rust of the chapters, as documentation tests: what a chapter tells readers to write compiles against the real crates.
//!
//! rustdoc takes each block for an example of the module above it. Parts of real files are `rust,ignore`, and left out.

// A module for each chapter, written by the build script.
include!(concat!(env!("OUT_DIR"), "/chapters.rs"));
