//! Serves the tutorial `frontend-backend`.

use frontend_backend::Options;

fn main() -> std::process::ExitCode {
    serve::main_with(async |start: serve::Start<Options>| {
        Ok(frontend_backend::app().initial_calls(start.options.initial))
    })
}
