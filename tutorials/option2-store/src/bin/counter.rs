//! Serves the tutorial `option2-counter`.

fn main() -> std::process::ExitCode {
    serve::main_with(option2_store::options::counter)
}
