//! A component is to hold what is neither text, nor a number, nor a component.

use callbacks::html;

fn main() {
    let _ = html::div(("It took ", std::time::Duration::ZERO));
}
