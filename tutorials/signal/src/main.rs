//! Serves the tutorial `signal`.

fn main() -> std::process::ExitCode {
    serve::main_with(signal::options::start)
}
