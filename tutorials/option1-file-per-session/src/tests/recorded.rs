//! What the app sends, as it was recorded.

use harness::Recorder;

use super::*;

#[tokio::test]
async fn option1_sends_what_was_recorded() {
    let server = Server::start_with(true).await;
    let mut recorder = Recorder::of(server.router.clone()).await;
    // A file of a session is shown as a text, in which the quotes are escaped.
    for (pattern, with) in [
        (r#"(\\"(written|expires)\\": \\")[^"\\]+"#, "$1[time]"),
        (r#"(\\"session\\": \\"browser )[^"\\]+"#, "$1[token]"),
        (r#"(the file )[^"]+(/sessions/)"#, "$1[data]$2"),
        (r#"(/_browser-)[^"]+(\.json)"#, "$1[hash]$2"),
    ] {
        recorder.mask(pattern, with);
    }
    for (name, value) in [
        ("to_the_first_click", Some("v1")),
        ("to_the_second_click", Some("v2")),
        ("to_the_third_click", None),
    ] {
        let body = click(1, Some("../Montréal"), value);
        recorder.answer(name, &body).await;
    }
    let unnamed = click(1, None, Some("v1"));
    recorder.answer("without_a_name", &unnamed).await;
    let long = click(1, Some(&"é".repeat(201)), Some("v1"));
    recorder.answer("to_a_long_name", &long).await;
    recorder.check("option1");
}
