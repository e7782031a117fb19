//! Serves the tutorial `option4`.

use option4_server_cache::{app, options::Options};

fn main() -> std::process::ExitCode {
    serve::main_with(async |start: serve::Start<Options>| {
        let memo = start.options.memo(&start.data, start.worker.number).await?;
        Ok(app(memo, start.options.compute_seconds))
    })
}
