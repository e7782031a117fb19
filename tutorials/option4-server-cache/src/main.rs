//! Serves the tutorial `option4`.

fn main() -> std::process::ExitCode {
    serve::main_with(option4_server_cache::options::start)
}
