//! An error ends when its cause has ended; a graph and a store do what Dash's do.

use harness::{App, Browser, Page};
use serde_json::{Value, json};

use crate::own_page::{dcc, depends, draw, html};

harness::tests! {
    One: the_sentence_of_an_error_goes_when_the_callback_succeeds,
    One: a_graph_that_failed_draws_the_next_good_figure,
    One: a_graph_whose_script_did_not_load_draws_the_next_figure,
    One: a_graph_tells_what_is_selected_zoomed_and_hidden,
    One: a_graph_fits_its_container_when_that_changes,
    One: a_dropdown_whose_options_come_later_keeps_its_value,
    One: storage_that_another_tab_clears_is_heard,
    One: a_store_that_is_told_to_clear_is_empty_and_says_when,
}

/// The sentences in the error panel.
async fn errors(page: &Page) -> String {
    page.text("[role=alert]").await
}

async fn the_sentence_of_an_error_goes_when_the_callback_succeeds(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let layout = json!([
        dcc("Input", json!({"id": "name"})),
        html("P", "out", json!(""))
    ]);
    let answer = "(body) => {
        if (body.inputs[0].value.length === 1) throw new Error('The name is too short.');
        return {out: {children: body.inputs[0].value}};
    }";
    draw(
        &page,
        layout,
        json!([depends("out.children", &["name.value"], &[])]),
        answer,
    )
    .await;
    page.type_text("#name", "a").await;
    page.settled().await;
    assert!(errors(&page).await.contains("too short"));
    page.type_text("#name", "b").await;
    page.settled().await;
    assert_eq!(errors(&page).await, "");
    assert!(!page.take_console_errors().await.is_empty());
}

/// A button that gives the graph the next of these figures.
async fn draw_graph(page: &Page, figures: Value, more: &[Value], state: &[&str]) {
    let layout = html(
        "Div",
        "room",
        json!([
            html("Button", "go", json!("go")),
            dcc("Graph", json!({"id": "graph", "figure": bars(1)}))
        ]),
    );
    let mut dependencies = vec![depends("graph.figure", &["go.n_clicks"], state)];
    dependencies.extend(more.iter().cloned());
    let answer = format!(
        "(body) => body.output === 'graph.figure' ? {{graph: {{figure: {figures}[(body.inputs[0].value - 1) % {count}]}}}} : {{}}",
        count = figures.as_array().map_or(1, Vec::len)
    );
    draw(page, layout, json!(dependencies), &answer).await;
}

fn bars(height: u32) -> Value {
    json!({"data": [{"type": "bar", "x": ["a", "b"], "y": [height, 2]}]})
}

async fn next_figure(page: &Page) {
    page.click("#go").await;
    page.settled().await;
}

const BARS: &str = "document.querySelectorAll('#graph .bars .point').length";

async fn a_graph_that_failed_draws_the_next_good_figure(browser: &Browser, _workers: usize) {
    let app = App::start("option2").await;
    let page = browser.open(&app).await;
    let figures = json!([
        {"data": [5]},
        bars(3),
        {"data": [], "layout": {"xaxis": "a"}},
        bars(4),
        {"data": [{"type": "choropleth", "locations": ["USA"], "z": [1]}]},
        bars(5)
    ]);
    draw_graph(&page, figures, &[], &[]).await;
    assert_eq!(page.execute(BARS).await, json!(2));
    for turn in 0..3 {
        next_figure(&page).await;
        next_figure(&page).await;
        assert_eq!(page.execute(BARS).await, json!(2), "turn {turn}");
        assert_eq!(errors(&page).await, "", "turn {turn}");
        let sentences = "document.querySelectorAll('.component-error').length";
        assert_eq!(page.execute(sentences).await, json!(0), "turn {turn}");
    }
    assert!(!page.take_console_errors().await.is_empty());
}

async fn a_graph_whose_script_did_not_load_draws_the_next_figure(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    page.settled().await;
    let address = page
        .execute(
            "((block) => {
            const config = JSON.parse(block.textContent);
            const address = config.callbacks.plotly;
            config.callbacks.plotly = '/assets/nowhere.js';
            block.textContent = JSON.stringify(config);
            return address;
        })(document.getElementById('_dash-config'))",
        )
        .await;
    draw_graph(&page, json!([bars(3)]), &[], &[]).await;
    assert!(errors(&page).await.contains("did not load"));
    let load = format!(
        "new Promise((resolve) => document.head.append(Object.assign(document.createElement('script'), {{src: {address}, onload: () => resolve(1)}})))"
    );
    page.execute(&load).await;
    next_figure(&page).await;
    assert_eq!(page.execute(BARS).await, json!(2));
    assert_eq!(errors(&page).await, "");
    assert_eq!(
        page.execute("document.querySelectorAll('.component-error').length")
            .await,
        json!(0)
    );
    assert!(!page.take_console_errors().await.is_empty());
}

async fn a_graph_tells_what_is_selected_zoomed_and_hidden(browser: &Browser, _workers: usize) {
    let app = App::start("option2").await;
    let page = browser.open(&app).await;
    let more = [depends(
        "go.title",
        &[
            "graph.selectedData",
            "graph.restyleData",
            "graph.relayoutData",
        ],
        &["graph.figure"],
    )];
    draw_graph(&page, json!([bars(3)]), &more, &[]).await;
    let last = async |act: &str| {
        page.execute(&format!(
            "(async (plot) => {{ window.bodies.length = 0; await {act}; }})(document.querySelector('#graph .js-plotly-plot'))"
        ))
        .await;
        page.wait_until("a call", "window.bodies.length").await;
        page.settled().await;
        page.execute("window.bodies.at(-1)").await
    };
    let zoom = last("Plotly.relayout(plot, {'yaxis.range': [0, 9]})").await;
    assert_eq!(zoom["inputs"][2]["value"], json!({"yaxis.range": [0, 9]}));
    assert_eq!(
        zoom["state"][0]["value"]["layout"]["yaxis"]["range"],
        json!([0, 9])
    );
    let hide = last("Plotly.restyle(plot, {visible: ['legendonly']}, [0])").await;
    assert_eq!(
        hide["inputs"][1]["value"],
        json!([{"visible": ["legendonly"]}, [0]])
    );
    assert_eq!(
        hide["state"][0]["value"]["data"][0]["visible"],
        json!("legendonly")
    );

    let event =
        "{points: [{curveNumber: 0, x: 'a', data: {}, pointNumbers: [0]}], range: {x: [0, 1]}}";
    let select = last(&format!("plot.emit('plotly_selected', {event})")).await;
    let selected = json!({"points": [{"curveNumber": 0, "x": "a", "pointNumbers": [0]}], "range": {"x": [0, 1]}});
    assert_eq!(select["inputs"][0]["value"], selected);
    let nothing = "(plot.emit('plotly_selected'), Plotly.relayout(plot, {'yaxis.range': [0, 8]}))";
    assert_eq!(
        last(nothing).await["inputs"][0]["value"],
        selected,
        "the box stays, and so does what is in it"
    );
    let deselect = last("plot.emit('plotly_deselect')").await;
    assert_eq!(deselect["inputs"][0]["value"], Value::Null);
}

async fn a_graph_fits_its_container_when_that_changes(browser: &Browser, _workers: usize) {
    let app = App::start("option2").await;
    let page = browser.open(&app).await;
    draw_graph(&page, json!([bars(3)]), &[], &[]).await;
    let fits = "((graph) => {
        const [wide, narrow] = [graph.clientWidth, graph.querySelector('.main-svg').clientWidth];
        return wide > 0 && narrow > 0 && Math.abs(wide - narrow) < 40 && Math.round(wide);
    })(document.querySelector('#graph'))";
    let style = |css: &str| {
        format!("void (document.querySelector('#graph').parentElement.style.cssText = '{css}')")
    };
    let whole = page.wait_until("a graph that fits", fits).await;
    page.execute(&style("inline-size: 300px")).await;
    let narrow = page.wait_until("a graph that fits", fits).await;
    assert!(narrow.as_u64() < whole.as_u64(), "{narrow} {whole}");

    // Drawn while it is hidden, and then shown.
    page.execute(&style("display: none")).await;
    page.execute("void document.querySelector('#go').click()")
        .await;
    page.settled().await;
    page.execute(&style("")).await;
    assert_eq!(page.wait_until("a graph that fits", fits).await, whole);
}

async fn a_dropdown_whose_options_come_later_keeps_its_value(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let layout = json!([
        html("Button", "go", json!("go")),
        dcc(
            "Dropdown",
            json!({"id": "town", "options": [], "value": "B"})
        )
    ]);
    draw(
        &page,
        layout,
        json!([depends("town.options", &["go.n_clicks"], &["town.value"])]),
        "() => ({town: {options: ['A', 'B']}})",
    )
    .await;
    page.click("#go").await;
    page.settled().await;
    assert_eq!(
        page.execute("window.bodies[0].state[0].value").await,
        json!("B")
    );
    let chosen = "document.querySelector('#town').selectedOptions[0].textContent";
    assert_eq!(page.execute(chosen).await, json!("B"));
}

async fn storage_that_another_tab_clears_is_heard(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let person = browser.person().await;
    let page = person.open(&app).await;
    let layout = json!([
        dcc(
            "Store",
            json!({"id": "kept", "storage_type": "local", "data": "old"})
        ),
        html("P", "out", json!(""))
    ]);
    let answer = "(body) => ({out: {children: JSON.stringify(body.inputs[0].value)}})";
    draw(
        &page,
        layout,
        json!([depends("out.children", &["kept.data"], &[])]),
        answer,
    )
    .await;
    let other = person.open(&app).await;
    other
        .wait_until("what is stored", "localStorage.getItem('kept')")
        .await;
    other.execute("localStorage.clear()").await;
    page.wait_for_text("#out", "null").await;
}

async fn a_store_that_is_told_to_clear_is_empty_and_says_when(browser: &Browser, _workers: usize) {
    let app = App::start("option3").await;
    let page = browser.open(&app).await;
    let layout = json!([
        html("Button", "keep", json!("keep")),
        html("Button", "clear", json!("clear")),
        dcc("Store", json!({"id": "s", "storage_type": "local"})),
        html("P", "out", json!("")),
    ]);
    let answer = "(body) => {
        const [first, second] = body.inputs.map((input) => input.value);
        if (body.output === 's.data') return {s: {data: {n: 1}}};
        if (body.output === 's.clear_data') return {s: {clear_data: true}};
        return {out: {children: `${JSON.stringify(first ?? null)} ${second > 0}`}};
    }";
    let dependencies = json!([
        depends("s.data", &["keep.n_clicks"], &[]),
        depends("s.clear_data", &["clear.n_clicks"], &[]),
        depends("out.children", &["s.data", "s.modified_timestamp"], &[]),
    ]);
    draw(&page, layout, dependencies, answer).await;
    page.click("#keep").await;
    page.wait_for_text("#out", "{\"n\":1} true").await;
    page.click("#clear").await;
    page.wait_for_text("#out", "null false").await;
    assert_eq!(page.execute("localStorage.getItem('s')").await, Value::Null);
}
