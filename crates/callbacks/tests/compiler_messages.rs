//! What the compiler says to a wrong callback is part of this crate: each program in `compiler_messages` has one mistake, which
//! gives it its name, and the message beside it. They are only checked, not built: a program that should build would have trybuild build them all.
//! The right program is an example in the crate's documentation.
//!
//! After a change that is meant, `TRYBUILD=overwrite cargo t --test compiler_messages` writes the messages anew: read them.

#[test]
fn each_mistake_in_a_callback_is_reported_at_its_place() {
    let programs = trybuild::TestCases::new();
    programs.compile_fail("tests/compiler_messages/wrong/*.rs");
}
