//! Serves the tutorial `global-variable`.

fn main() -> std::process::ExitCode {
    serve::main(global_variable::app)
}
