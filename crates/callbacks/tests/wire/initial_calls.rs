//! Initial calls on the server obey the rules that Dash's browser client obeys.

use std::sync::{Arc, Mutex};

use callbacks::dcc::StorageType;
use callbacks::{App, Context, Ctx, InitialCalls, Input, Output, PreventUpdate, State, dcc, html};
use serde_json::{Value, json};

use crate::exchange::Server;

/// The page of an app: its layout's texts by id, and the callbacks that the browser need not call.
async fn open(app: App) -> (impl Fn(&str) -> Value, Value) {
    let page = Server::of(app.initial_calls(InitialCalls::Server))
        .get("/")
        .await
        .text();
    let block = |id: &str| -> Value {
        let start = format!("id=\"{id}\">");
        let block = page
            .split(&start)
            .nth(1)
            .and_then(|rest| rest.split("</script>").next());
        serde_json::from_str(block.unwrap()).unwrap()
    };
    let (layout, config) = (block("_dash-layout"), block("_dash-config"));
    let text = move |id: &str| {
        let children = layout["props"]["children"].as_array().unwrap();
        let component = children
            .iter()
            .find(|child| child["props"]["id"] == id)
            .unwrap();
        component["props"]["children"].clone()
    };
    (text, config["callbacks"]["done"].clone())
}

/// The calls in their order, each with what triggered it.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn note(&self, name: &str, ctx: &Context) {
        let triggered: Vec<String> = ctx
            .triggered()
            .iter()
            .map(|t| format!("{}.{}", t.id, t.property))
            .collect();
        self.0
            .lock()
            .unwrap()
            .push(format!("{name}[{}]", triggered.join(",")));
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A callback that notes its call and returns this text.
macro_rules! noted {
    ($calls:expr, $name:literal, |$($argument:ident: $type:ty),*| $answer:expr) => {{
        let calls = $calls.clone();
        move |$($argument: Option<$type>,)* ctx: Context| {
            let calls = calls.clone();
            async move {
                calls.note($name, &ctx);
                $answer
            }
        }
    }};
}

#[tokio::test]
async fn a_diamond_runs_once_each_and_the_last_knows_both_triggers() {
    let calls = Calls::default();
    let input = dcc::Input::new("inp").with_value("v");
    let [a, b, c, d] = ["a", "b", "c", "d"].map(html::Div::new);
    let app = App::new("diamond")
        // Declared from the end on, so that the order comes from the graph.
        .callback(
            Output(d.text()),
            (Input(b.text()), Input(c.text()), Ctx),
            noted!(calls, "d", |b: String, c: String| format!(
                "d({},{})",
                b.unwrap(),
                c.unwrap()
            )),
        )
        .callback(
            Output(c.text()),
            (Input(a.text()), Ctx),
            noted!(calls, "c", |_a: String| "c1"),
        )
        .callback(
            Output(b.text()),
            (Input(a.text()), Ctx),
            noted!(calls, "b", |_a: String| "b1"),
        )
        .callback(
            Output(a.text()),
            (Input(input.value()), Ctx),
            noted!(calls, "a", |_value: String| "a1"),
        )
        .layout(html::div((input, a, b, c, d)));
    let (text, done) = open(app).await;
    assert_eq!(text("d"), "d(b1,c1)");
    assert_eq!(
        done,
        json!(["d.children", "c.children", "b.children", "a.children"])
    );
    assert_eq!(
        calls.taken(),
        [
            "a[]",
            "c[a.children]",
            "b[a.children]",
            "d[c.children,b.children]"
        ]
    );
}

#[tokio::test]
async fn what_depends_only_on_a_prevented_update_is_not_called() {
    let calls = Calls::default();
    let (input, button) = (
        dcc::Input::new("inp").with_value("v"),
        html::Button::new("btn"),
    );
    let [p, q, r] = ["p", "q", "r"].map(html::Div::new);
    let app = App::new("prevented")
        .callback(
            Output(p.text()),
            (Input(input.value()), Ctx),
            noted!(calls, "p", |_value: String| Err::<String, _>(PreventUpdate)),
        )
        .callback(
            Output(q.text()),
            (Input(p.text()), Ctx),
            noted!(calls, "q", |_p: String| "q1"),
        )
        .callback(
            Output(r.text()),
            (Input(p.text()), Input(button.n_clicks()), Ctx),
            noted!(calls, "r", |p: String, n: u64| format!("r({p:?},{n:?})")),
        )
        .layout(html::div((input, button, p, q, r)));
    let (text, done) = open(app).await;
    assert_eq!(calls.taken(), ["p[]", "r[]"]);
    assert_eq!((text("q"), text("r")), (Value::Null, json!("r(None,None)")));
    assert_eq!(done, json!(["p.children", "q.children", "r.children"]));
}

#[tokio::test]
async fn a_prevented_initial_call_is_made_if_another_answer_triggers_it() {
    let calls = Calls::default();
    let button = html::Button::new("btn");
    let a = html::Div::new("a").with_children("A0");
    let (b, c) = (html::Div::new("b"), html::Div::new("c"));
    let app = App::new("k")
        .callback(
            Output(a.text()),
            (Input(button.n_clicks()), Ctx),
            noted!(calls, "a", |_n: u64| "A1"),
        )
        .prevent_initial_call(true)
        .callback(
            Output(b.text()),
            (Input(a.text()), Ctx),
            noted!(calls, "b", |a: String| format!("B({})", a.unwrap())),
        )
        .callback(
            Output(c.text()),
            (Input(b.text()), Ctx),
            noted!(calls, "c", |b: String| format!("C({})", b.unwrap())),
        )
        .prevent_initial_call(true)
        .layout(html::div((button, a, b, c)));
    let (text, done) = open(app).await;
    assert_eq!(calls.taken(), ["b[]", "c[b.children]"]);
    assert_eq!(text("c"), "C(B(A0))");
    assert_eq!(done, json!(["b.children", "c.children"]));
}

#[tokio::test]
async fn what_only_the_browser_knows_is_left_to_the_browser() {
    for (storage, on_server) in [
        (StorageType::Memory, true),
        (StorageType::Session, false),
        (StorageType::Local, false),
    ] {
        let calls = Calls::default();
        let (input, store) = (
            dcc::Input::new("inp"),
            dcc::Store::<String>::new("st").with_storage_type(storage),
        );
        let [a, b, c] = ["a", "b", "c"].map(html::Div::new);
        let app = App::new("stores")
            .callback(
                Output(a.text()),
                (Input(store.data()), Ctx),
                noted!(calls, "a", |_data: String| "a1"),
            )
            .callback(
                Output(b.text()),
                (Input(a.text()), Ctx),
                noted!(calls, "b", |_a: String| "b1"),
            )
            .callback(
                Output(c.text()),
                (Input(input.value()), State(store.data()), Ctx),
                noted!(calls, "c", |_value: String, _data: String| "c1"),
            )
            .layout(html::div((input, store, a, b, c)));
        let (text, done) = open(app).await;
        if on_server {
            assert_eq!(text("b"), "b1");
            assert_eq!(done, json!(["a.children", "b.children", "c.children"]));
        } else {
            assert_eq!((calls.taken(), done), (vec![], json!([])), "{storage:?}");
        }
    }
}

#[tokio::test]
async fn what_failed_on_the_server_is_left_to_the_browser_with_all_that_depends_on_it() {
    let calls = Calls::default();
    let input = dcc::Input::new("inp").with_value("v");
    let [a, b, c] = ["a", "b", "c"].map(html::Div::new);
    let app = App::new("failed")
        .callback(
            Output(a.text()),
            (Input(input.value()), Ctx),
            noted!(calls, "a", |value: String| value
                .unwrap()
                .parse::<u32>()
                .map(|n| n.to_string())),
        )
        .callback(
            Output(b.text()),
            (Input(a.text()), Ctx),
            noted!(calls, "b", |_a: String| "b1"),
        )
        .callback(
            Output(c.text()),
            (Input(input.value()), Ctx),
            noted!(calls, "c", |_value: String| "c1"),
        )
        .layout(html::div((input, a, b, c)));
    let (text, done) = open(app).await;
    assert_eq!((text("c"), done), (json!("c1"), json!(["c.children"])));
    assert_eq!(calls.taken(), ["a[]", "c[]"]);
}
