//! Serves the tutorial `option1`.

fn main() -> std::process::ExitCode {
    serve::main_with(option1_file_per_session::start)
}
