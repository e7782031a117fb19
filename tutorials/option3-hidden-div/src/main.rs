//! Serves the tutorial `option3`.

fn main() -> std::process::ExitCode {
    serve::main(option3_hidden_div::app)
}
