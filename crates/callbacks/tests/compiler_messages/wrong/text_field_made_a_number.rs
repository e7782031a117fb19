//! A text field is made a field for a number by its kind: its value would still be text on this side.

use callbacks::dcc;

fn main() {
    let _ = dcc::Input::new("age").with_kind("number");
}
