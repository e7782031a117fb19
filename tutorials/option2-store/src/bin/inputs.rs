//! Serves the tutorial `option2-inputs`.

fn main() -> std::process::ExitCode {
    serve::main(option2_store::inputs::app)
}
