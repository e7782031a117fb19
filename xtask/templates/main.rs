//! Serves the tutorial `new-lesson`.

fn main() -> std::process::ExitCode {
    serve::main(new_lesson::app)
}
