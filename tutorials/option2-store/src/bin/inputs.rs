//! Serves the tutorial `option2-inputs`.

use option2_store::{inputs, options::Options};

fn main() -> std::process::ExitCode {
    serve::main_with(async |start: serve::Start<Options>| Ok(inputs::app(start.options.storage)))
}
