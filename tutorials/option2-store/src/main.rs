//! Serves the tutorial `option2`.

fn main() -> std::process::ExitCode {
    serve::main(option2_store::app)
}
