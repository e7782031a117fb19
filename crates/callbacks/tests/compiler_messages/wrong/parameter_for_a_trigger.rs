//! A trigger is no parameter of the function.

use callbacks::{App, Output, State, Trigger, With, dcc, html};

fn main() {
    let (button, name) = (html::Button::new("button"), dcc::Input::new("name"));
    let content = html::H1::new("content");
    let _ = App::new("Wrong").callback(
        Output(content.children()),
        (Trigger(button.n_clicks()), State(name.value()), With(7_u8)),
        show,
    );
}

async fn show(_clicks: Option<u64>, name: Option<String>, _seven: u8) -> Option<String> {
    name
}
