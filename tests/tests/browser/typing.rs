//! What stays on the page stays: words are typed to their end, whatever the answers do around the field.

use harness::{App, Browser, Page};
use serde_json::{Value, json};

use crate::own_page::{dcc, depends, draw, html};

harness::tests! {
    One: a_word_is_typed_while_siblings_go_come_and_move,
    One: a_word_is_typed_in_a_list_that_is_reordered,
    One: a_word_is_typed_in_a_field_that_moves_between_two_boxes,
    One: a_word_is_typed_in_a_loading_while_it_spins,
    One: what_is_scrolled_stays_where_it_is_when_a_sibling_goes,
    One: the_caret_stays_when_a_callback_writes_back,
    One: an_input_methods_composition_is_not_torn,
    One: an_invalid_number_can_be_cleared,
    One: a_debounced_enter_sends_the_new_text,
}

/// Types each letter into whatever has the focus, and waits for the answer between two letters.
async fn type_word(page: &Page, field: &str, word: &str) {
    page.type_text(field, &word[..1]).await;
    page.settled().await;
    for letter in word[1..].chars() {
        page.type_text(&format!("{field}:focus"), &letter.to_string())
            .await;
        page.settled().await;
    }
}

/// The value of the last call's State.
async fn last_state(page: &Page) -> Value {
    page.execute("window.bodies.at(-1).state[0].value ?? null")
        .await
}

async fn a_word_is_typed_while_siblings_go_come_and_move(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let field = dcc("Input", json!({"id": "name"}));
    let layout = html(
        "Div",
        "box",
        json!([html("P", "hint", json!("a hint")), field]),
    );
    let answer = "(body) => {
        const [value, turn] = [body.inputs[0].value, window.bodies.length];
        const p = (id) => ({namespace: 'dash_html_components', type: 'P', props: {id, children: id}});
        const field = {namespace: 'dash_core_components', type: 'Input', props: {id: 'name', value}};
        const children = [[field], [p('new'), p('hint'), field], [p('hint'), field, p('new')], [field, p('hint')], [p('last'), field]];
        return {box: {children: children[turn % 5]}};
    }";
    draw(
        &page,
        layout,
        json!([depends("box.children", &["name.value"], &["name.n_blur"])]),
        answer,
    )
    .await;
    type_word(&page, "#name", "hello world").await;
    assert_eq!(page.property("#name", "value").await, json!("hello world"));
    assert_eq!(last_state(&page).await, Value::Null, "nobody left it");

    // In the middle of the text, the caret stays there.
    page.execute("void document.querySelector('#name').setSelectionRange(5, 5)")
        .await;
    page.type_text("#name:focus", ",").await;
    page.settled().await;
    page.type_text("#name:focus", ";").await;
    page.settled().await;
    assert_eq!(
        page.property("#name", "value").await,
        json!("hello,; world")
    );
}

async fn a_word_is_typed_in_a_list_that_is_reordered(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let row = |id: &str| html("Li", "", json!([dcc("Input", json!({"id": id}))]));
    let layout = html("Ul", "list", json!([row("a"), row("b"), row("c")]));
    let answer = "(body) => {
        const orders = [['c', 'b', 'a'], ['b', 'a', 'c'], ['a', 'c', 'b'], ['b', 'c'], ['x', 'a', 'b']];
        const row = (id) => ({namespace: 'dash_html_components', type: 'Li', props: {children: [
            {namespace: 'dash_core_components', type: 'Input', props: id === 'b' ? {id, value: body.inputs[0].value} : {id}}]}});
        return {list: {children: orders[window.bodies.length % 5].map(row)}};
    }";
    draw(
        &page,
        layout,
        json!([depends("list.children", &["b.value"], &["b.n_blur"])]),
        answer,
    )
    .await;
    type_word(&page, "#b", "reordered").await;
    assert_eq!(page.property("#b", "value").await, json!("reordered"));
    assert_eq!(last_state(&page).await, Value::Null, "nobody left it");
    let order = "Array.from(document.querySelectorAll('#list input'), (input) => input.id).join()";
    // The ninth call gets the last of the five orders.
    assert_eq!(page.execute(order).await, json!("x,a,b"));
}

async fn a_word_is_typed_in_a_field_that_moves_between_two_boxes(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let layout = json!([
        html("Div", "left", json!([dcc("Input", json!({"id": "x"}))])),
        html("Div", "right", json!([]))
    ]);
    let answer = "(body) => {
        const field = {namespace: 'dash_core_components', type: 'Input', props: {id: 'x', value: body.inputs[0].value}};
        const [to, from] = window.bodies.length % 2 ? ['right', 'left'] : ['left', 'right'];
        return {[to]: {children: [field]}, [from]: {children: []}};
    }";
    draw(
        &page,
        layout,
        json!([depends(
            "..right.children...left.children..",
            &["x.value"],
            &["x.n_blur"]
        )]),
        answer,
    )
    .await;
    type_word(&page, "#x", "abcd").await;
    assert_eq!(page.property("#x", "value").await, json!("abcd"));
    assert_eq!(last_state(&page).await, Value::Null, "nobody left it");
}

async fn a_word_is_typed_in_a_loading_while_it_spins(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let inside = json!([
        dcc("Input", json!({"id": "name"})),
        html("P", "out", json!("old"))
    ]);
    let layout = html(
        "Div",
        "all",
        json!([dcc("Loading", json!({"id": "spinner", "children": inside}))]),
    );
    let answer = "async (body) => {
        await new Promise((resolve) => { window.release = resolve; });
        return {out: {children: body.inputs[0].value}};
    }";
    draw(
        &page,
        layout,
        json!([depends("out.children", &["name.value"], &[])]),
        answer,
    )
    .await;
    page.type_text("#name", "h").await;
    for letter in ["e", "l", "l", "o"] {
        page.wait_until(
            "the spinner, and what it hides",
            "!document.querySelector('#spinner').hidden
                && getComputedStyle(document.querySelector('#out')).visibility === 'hidden'",
        )
        .await;
        page.type_text("#name:focus", letter).await;
    }
    page.wait_until(
        "the last call",
        "window.bodies.at(-1).inputs[0].value === 'hello' && (window.release(), true)",
    )
    .await;
    page.settled().await;
    page.wait_for_text("#out", "hello").await;
    assert_eq!(page.property("#name", "value").await, json!("hello"));
}

async fn what_is_scrolled_stays_where_it_is_when_a_sibling_goes(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let button = html("Button", "go", json!("go"));
    let layout = json!([
        button,
        html(
            "Div",
            "box",
            json!([html("P", "hint", json!("a hint")), long_list()])
        )
    ]);
    let answer = format!(
        "() => ({{box: {{children: [{list}, {{namespace: 'dash_html_components', type: 'P', props: {{id: 'end'}}}}]}}}})",
        list = long_list()
    );
    draw(
        &page,
        layout,
        json!([depends("box.children", &["go.n_clicks"], &[])]),
        &answer,
    )
    .await;
    page.execute("void (document.querySelector('#long').scrollTop = 120)")
        .await;
    page.click("#go").await;
    page.settled().await;
    assert_eq!(page.attribute("#end", "id").await, "end");
    assert_eq!(page.property("#long", "scrollTop").await, json!(120));
}

/// A box of 100 px that is scrolled.
fn long_list() -> Value {
    let lines: Vec<Value> = (0..40).map(|line| html("P", "", json!(line))).collect();
    let mut list = html("Div", "long", json!(lines));
    list["props"]["style"] = json!({"height": 100, "overflow": "auto"});
    list
}

/// A field whose callback writes its text back in capitals.
async fn capitals(browser: &Browser, app: &App) -> Page {
    let page = browser.open(app).await;
    let layout = json!([dcc("Input", json!({"id": "name"}))]);
    let answer = "(body) => ({name: {value: body.inputs[0].value.toUpperCase()}})";
    draw(
        &page,
        layout,
        json!([depends("name.value", &["name.value"], &[])]),
        answer,
    )
    .await;
    page
}

async fn the_caret_stays_when_a_callback_writes_back(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = capitals(browser, &app).await;
    type_word(&page, "#name", "abcd").await;
    page.execute("void document.querySelector('#name').setSelectionRange(1, 1)")
        .await;
    type_word(&page, "#name:focus", "xy").await;
    assert_eq!(page.property("#name", "value").await, json!("AXYBCD"));
    assert_eq!(page.property("#name", "selectionStart").await, json!(3));
}

async fn an_input_methods_composition_is_not_torn(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = capitals(browser, &app).await;
    page.type_text("#name", "a").await;
    page.settled().await;
    let compose = "(async () => {
        const field = document.querySelector('#name');
        field.dispatchEvent(new CompositionEvent('compositionstart'));
        for (const text of ['n', 'ni', 'nih', 'nihao']) {
            field.value = 'A' + text;
            field.dispatchEvent(new InputEvent('input', {isComposing: true, inputType: 'insertCompositionText', bubbles: true}));
            await new Promise((resolve) => { setTimeout(resolve); });
        }
        const during = field.value;
        field.value = 'A你好';
        field.dispatchEvent(new CompositionEvent('compositionend', {data: '你好'}));
        return during;
    })()";
    assert_eq!(page.execute(compose).await, json!("Anihao"));
    page.settled().await;
    assert_eq!(page.property("#name", "value").await, json!("A你好"));
    let sent = "window.bodies.map((body) => body.inputs[0].value)";
    assert_eq!(page.execute(sent).await, json!(["a", "A你好"]));
}

async fn an_invalid_number_can_be_cleared(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let layout = json!([
        dcc(
            "Input",
            json!({"id": "number", "type": "number", "max": 10})
        ),
        html("Button", "reset", json!("reset"))
    ]);
    let dependencies = json!([depends("number.value", &["reset.n_clicks"], &[])]);
    draw(
        &page,
        layout,
        dependencies,
        "() => ({number: {value: null}})",
    )
    .await;
    for invalid in ["100", "1e", "-", "5"] {
        page.type_text("#number", invalid).await;
        page.click("#reset").await;
        page.settled().await;
        let empty = "(({value, validity}) => value === '' && validity.valid)(document.querySelector('#number'))";
        assert_eq!(page.execute(empty).await, json!(true), "{invalid}");
    }
}

async fn a_debounced_enter_sends_the_new_text(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let layout = json!([
        dcc("Input", json!({"id": "name", "debounce": 3600})),
        html("P", "out", json!(""))
    ]);
    let dependencies = json!([depends("out.children", &["name.n_submit"], &["name.value"])]);
    let answer = "(body) => ({out: {children: String(body.state[0].value)}})";
    draw(&page, layout, dependencies, answer).await;
    page.type_text("#name", "abc\u{e007}").await;
    page.settled().await;
    page.wait_for_text("#out", "abc").await;
}
