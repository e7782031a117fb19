//! Serves the tutorial `option2-counter`.

use option2_store::{counter, options::Options};
use session_store::{Store, StoreKind};

fn main() -> std::process::ExitCode {
    serve::main_with(async |start: serve::Start<Options>| {
        let sums = Store::open(&StoreKind::File, &start.data, "option2-counter").await?;
        Ok(counter::app(start.options.storage, sums))
    })
}
