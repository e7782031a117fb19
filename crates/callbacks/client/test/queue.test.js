import assert from "node:assert/strict";
import { test } from "node:test";
import { Simulation, component, depends, failure, noUpdate, preventUpdate } from "./simulation.js";

/** A page with these ids, all of them empty. */
const page = (ids, dependencies, callbacks = {}) => new Simulation(ids.split(" ").map((id) => component(id)), dependencies, callbacks);
const states = (simulation, id) => simulation.events.filter((event) => event.id === id).map((event) => event.state);
const slow = (value, after = 100) => ({ after, value });

test("an initial call has no changed properties and says that it is one", async () => {
  const simulation = page("i a", [depends("a.children", "i.value")]);
  assert.deepEqual(await simulation.open(), ["a.children()"]);
  assert.equal(simulation.events[0].initial, true);
});

test("a held call is posted once, with what changed, when the one before it has answered", async () => {
  const simulation = page("i a b", [depends("a.children", "i.value"), depends("b.children", "a.children")]);
  assert.deepEqual(await simulation.open(), ["a.children()", "b.children(a.children)"]);
  assert.equal(simulation.events.at(-1).initial, false);
});

test("in a diamond the last callback is posted once, after both", async () => {
  const dependencies = [
    depends("a.children", "i.value"),
    depends("b.children", "a.children"),
    depends("c.children", "a.children"),
    depends("d.children", "b.children c.children"),
  ];
  const simulation = page("i a b c d", dependencies, { "b.children": () => slow("b", 300) });
  assert.deepEqual((await simulation.open()).at(-1), "d.children(c.children b.children)");
});

test("a call is held back by one much further up, although nothing between them is waiting", async () => {
  const dependencies = [depends("b.children", "a.n_clicks"), depends("c.children", "b.children"), depends("d.children", "c.children x.n_clicks")];
  const simulation = page("a b c d x", dependencies, { "b.children": () => slow("b") });
  await simulation.open();
  simulation.set("a", { n_clicks: 1 });
  await simulation.advance(10);
  simulation.set("x", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), ["b.children(a.n_clicks)", "c.children(b.children)", "d.children(x.n_clicks c.children)"]);
});

test("State never holds back, and is read when the call is posted", async () => {
  const dependencies = [depends("d.children", "i.value"), depends("z.children", "i.value", "d.children")];
  const simulation = page("i d z", dependencies, { "d.children": () => slow("late") });
  assert.deepEqual(await simulation.open(), ["d.children()", "z.children()"]);
  simulation.set("d", { children: "now" });
  simulation.set("i", { value: "x" });
  simulation.set("d", { children: "newer" });
  await simulation.settle();
  assert.deepEqual(JSON.parse(simulation.bodies.at(-1)).state, [{ id: "d", property: "children", value: "newer" }]);
});

for (const [what, answer] of Object.entries({ "a 204": preventUpdate, "no update": noUpdate, "an error": failure })) {
  test(`after ${what} on load a callback that depends on nothing else is dropped, and so are those behind it`, async () => {
    const dependencies = [depends("p.children", "i.value"), depends("q.children", "p.children"), depends("r.children", "q.children")];
    const simulation = page("i p q r", dependencies, { "p.children": () => answer });
    assert.deepEqual(await simulation.open(), ["p.children()"]);
    assert.deepEqual(states(simulation, 3), ["waiting", "dropped"]);
  });

  test(`after ${what} on load a callback with another input is called as an initial one`, async () => {
    const dependencies = [depends("p.children", "i.value"), depends("r.children", "p.children b.n_clicks")];
    const simulation = page("i p r b", dependencies, { "p.children": () => answer });
    assert.deepEqual(await simulation.open(), ["p.children()", "r.children()"]);
  });

  test(`after ${what} on a click nothing further is called`, async () => {
    const dependencies = [depends("p.children", "b.n_clicks", "", { prevent_initial_call: true }), depends("q.children", "p.children")];
    const simulation = page("b p q", dependencies, { "p.children": () => answer });
    await simulation.open();
    simulation.set("b", { n_clicks: 1 });
    assert.deepEqual(await simulation.settle(), ["p.children(b.n_clicks)"]);
  });
}

test("with no update for one of two outputs only the other one's dependants are called", async () => {
  const dependencies = [depends("..o1.children...o2.children..", "b.n_clicks"), depends("d1.children", "o1.children"), depends("d2.children", "o2.children")];
  const simulation = page("b o1 o2 d1 d2", dependencies, { "..o1.children...o2.children..": () => ({ response: { o1: { children: 0 } } }) });
  assert.deepEqual(await simulation.open(), ["..o1.children...o2.children..()", "d1.children(o1.children)"]);
});

test("a prevented callback is called when another one's initial call updates its input", async () => {
  const dependencies = [depends("b.children", "a.children"), depends("c.children", "b.children", "", { prevent_initial_call: true })];
  assert.deepEqual(await page("a b c", dependencies).open(), ["b.children()", "c.children(b.children)"]);
});

test("what components set when they appear merges into the initial calls of the same tick", async () => {
  const simulation = page("st o", [depends("o.children", "st.modified_timestamp")]);
  simulation.start();
  simulation.set("st", { modified_timestamp: 1 });
  assert.deepEqual(await simulation.settle(), ["o.children(st.modified_timestamp)"]);
});

test("a call that something changed for is not dropped, although the one before it answered 204", async () => {
  const dependencies = [depends("st.data", "b.n_clicks"), depends("o.children", "st.data")];
  const simulation = page("st b o", dependencies, { "st.data": () => preventUpdate });
  simulation.start();
  simulation.set("st", { data: null });
  assert.deepEqual(await simulation.settle(), ["st.data()", "o.children(st.data)"]);
});

test("what the server has called is finished: those behind it wait for nothing", async () => {
  const dependencies = [depends("a.children", "i.value"), depends("b.children", "a.children s.data")];
  assert.deepEqual(await page("i a b s", dependencies).open(["a.children"]), ["b.children()"]);
});

test("the initial call with the longest chain behind it is posted first", async () => {
  const dependencies = [depends("z.children", "i.value"), depends("a.children", "i.value"), depends("b.children", "a.children")];
  assert.deepEqual((await page("i z a b", dependencies).open()).slice(0, 2), ["a.children()", "z.children()"]);
});

test("several changes in one tick make one call with all of them", async () => {
  const simulation = page("i j a", [depends("a.children", "i.value j.value")]);
  await simulation.open();
  simulation.set("j", { value: 2 });
  simulation.set("i", { value: 1 });
  assert.deepEqual(await simulation.settle(), ["a.children(j.value i.value)"]);
});

test("a component's change to an equal value calls nothing", async () => {
  const simulation = page("i a", [depends("a.children", "i.value")]);
  await simulation.open();
  simulation.set("i", { value: { x: 1 } });
  await simulation.settle();
  simulation.set("i", { value: { x: 1 } });
  assert.deepEqual(await simulation.settle(), []);
});

test("an answer with an unchanged value calls the dependants all the same", async () => {
  const simulation = page("i a b", [depends("a.children", "i.value"), depends("b.children", "a.children")], { "a.children": () => "same" });
  await simulation.open();
  simulation.set("i", { value: 1 });
  assert.deepEqual(await simulation.settle(), ["a.children(i.value)", "b.children(a.children)"]);
});

test("the page is busy from the change itself until the last answer", async () => {
  const simulation = page("i a", [depends("a.children", "i.value")]);
  await simulation.open();
  assert.equal(simulation.busy, false);
  simulation.set("i", { value: 1 });
  assert.equal(simulation.busy, true);
  await simulation.settle();
  assert.equal(simulation.busy, false);
});

test("of two running calls of a callback the older one's answer is ignored, whichever comes first", async () => {
  for (const [older, newer] of [[500, 100], [100, 500]]) {
    const simulation = page("i o d", [depends("o.children", "i.value"), depends("d.children", "o.children")], {
      "o.children": ([value]) => slow(`for ${value}`, value === "a" ? older : value === "ab" ? newer : 1),
    });
    await simulation.open();
    simulation.set("i", { value: "a" });
    await simulation.advance(20);
    simulation.set("i", { value: "ab" });
    assert.deepEqual(await simulation.settle(), ["o.children(i.value)", "o.children(i.value)", "d.children(o.children)"]);
    assert.equal(simulation.store.component("o").props.children, "for ab");
  }
});

test("a newer call neither waits for the older one nor is held back by it", async () => {
  const simulation = page("i o", [depends("o.children", "i.value")], { "o.children": () => slow("o") });
  await simulation.open();
  simulation.set("i", { value: 1 });
  await simulation.advance(10);
  simulation.set("i", { value: 2 });
  await simulation.advance(10);
  assert.deepEqual(simulation.posts, ["o.children(i.value)", "o.children(i.value)"]);
});

test("an ignored answer does not end the loading of its output", async () => {
  const simulation = page("i o", [depends("o.children", "i.value")], { "o.children": ([value]) => slow("o", value === 1 ? 50 : 500) });
  await simulation.open();
  simulation.set("i", { value: 1 });
  await simulation.advance(10);
  simulation.set("i", { value: 2 });
  await simulation.advance(100);
  assert.deepEqual([...simulation.loading], ["o.children"]);
  await simulation.settle();
  assert.deepEqual([...simulation.loading], []);
});

test("an ignored call is told as dropped at once, and again with its worker when it answers", async () => {
  const simulation = page("i o", [depends("o.children", "i.value")], { "o.children": () => slow("o") });
  simulation.start();
  await simulation.advance(10);
  simulation.set("i", { value: 1 });
  await simulation.settle();
  const events = simulation.events.filter((event) => event.id === 1);
  assert.deepEqual(events.map(({ state, worker }) => [state, worker]), [["waiting", null], ["running", null], ["dropped", null], ["dropped", "1"]]);
});

test("set_props of an ignored answer takes effect", async () => {
  const answer = { status: 200, text: '{"multi":true,"sideUpdate":{"t":{"title":"set"}},"response":{"o":{"children":"old"}}}' };
  let calls = 0;
  const simulation = page("i o t u", [depends("o.children", "i.value"), depends("u.children", "t.title", "", { prevent_initial_call: true })], {
    "o.children": () => (calls++ === 0 ? slow(answer) : "new"),
  });
  simulation.start();
  await simulation.advance(10);
  simulation.set("i", { value: 1 });
  assert.deepEqual(await simulation.settle(), ["o.children()", "o.children(i.value)", "u.children(t.title)"]);
  assert.equal(simulation.store.component("o").props.children, "new");
});

test("at most twelve calls are unanswered at once, and none is forgotten", async () => {
  const ids = Array.from({ length: 16 }, (_, index) => `o${index}`);
  const callbacks = Object.fromEntries(ids.map((id) => [`${id}.children`, () => slow(id)]));
  const simulation = page(`b ${ids.join(" ")}`, ids.map((id) => depends(`${id}.children`, "b.n_clicks")), callbacks);
  simulation.start();
  await simulation.advance(50);
  assert.equal(simulation.posts.length, 12);
  assert.equal((await simulation.settle()).length, 16);
});

test("an answer does not trigger its own callback", async () => {
  const simulation = page("n s", [depends("..n.value...s.value..", "n.value s.value")]);
  await simulation.open();
  simulation.set("n", { value: 5 });
  assert.deepEqual(await simulation.settle(), ["..n.value...s.value..(n.value)"]);
});

test("in a circle each callback runs once for one action", async () => {
  const simulation = page("a b", [depends("b.value", "a.value"), depends("a.value", "b.value")]);
  assert.deepEqual(await simulation.open(), ["a.value()", "b.value(a.value)"]);
  simulation.set("a", { value: 1 });
  assert.deepEqual(await simulation.settle(), ["b.value(a.value)", "a.value(b.value)"]);
  simulation.set("a", { value: 2 });
  assert.deepEqual(await simulation.settle(), ["b.value(a.value)", "a.value(b.value)"]);
});

test("what is behind a circle waits for it, and two circles do not wait for each other", async () => {
  const dependencies = [
    depends("w.children", "a.value"),
    depends("b.value", "a.value"),
    depends("a.value", "b.value"),
    depends("d.value", "c.value"),
    depends("c.value", "d.value"),
  ];
  const posts = await page("w a b c d", dependencies).open();
  assert.deepEqual(posts.slice(0, 2).sort(), ["a.value()", "c.value()"]);
  assert.equal(posts.at(-1), "w.children(a.value)");
});

test("a component that answers a change with a change does not run in circles", async () => {
  const simulation = page("st o", [depends("st.data", "st.modified_timestamp")], { "st.data": () => simulation.now });
  simulation.applied = () => simulation.set("st", { modified_timestamp: simulation.now });
  await simulation.open();
  simulation.set("st", { modified_timestamp: -1 });
  assert.deepEqual(await simulation.settle(), ["st.data(st.modified_timestamp)"]);
});

test("a failed call leaves the outputs, frees those that wait, and later calls work", async () => {
  let fails = true;
  const dependencies = [depends("a.children", "i.value"), depends("b.children", "a.children x.n_clicks")];
  const simulation = page("i a b x", dependencies, { "a.children": () => (fails ? failure : "good") });
  assert.deepEqual(await simulation.open(), ["a.children()", "b.children()"]);
  assert.deepEqual(simulation.problems, [{ source: "a.children", message: "It failed.", detail: undefined }]);
  assert.deepEqual([simulation.busy, simulation.loading.size, simulation.store.component("a").props.children], [false, 0, undefined]);
  fails = false;
  simulation.set("i", { value: 1 });
  assert.deepEqual(await simulation.settle(), ["a.children(i.value)", "b.children(a.children)"]);
});

test("a 200 with broken JSON ends the call like any other failure", async () => {
  const dependencies = [depends("a.children", "i.value"), depends("b.children", "a.children x.n_clicks")];
  const simulation = page("i a b x", dependencies, { "a.children": () => ({ status: 200, text: "{oops" }) });
  assert.deepEqual(await simulation.open(), ["a.children()", "b.children()"]);
  assert.deepEqual([simulation.busy, simulation.loading.size], [false, 0]);
});

test("an answer that the page cannot show is a failure, and nothing hangs", async () => {
  const simulation = page("i a", [depends("a.children", "i.value")]);
  simulation.applied = () => {
    throw new Error("broken component");
  };
  await simulation.open();
  assert.deepEqual([simulation.busy, simulation.problems.length, simulation.events.at(-1).state], [false, 1, "failed"]);
});

test("a call with some arguments missing is not posted and fails in words; with all missing it is dropped", async () => {
  const simulation = page("i a b", [depends("a.children", "i.value", "gone.value"), depends("b.children", "i.value gone.value")]);
  assert.deepEqual(await simulation.open(), []);
  assert.deepEqual(simulation.problems.map((problem) => problem.source), ["a.children", "b.children"]);
  assert.equal(simulation.busy, false);
});

test("set_props triggers the dependants of what it sets", async () => {
  const answer = { status: 200, text: '{"multi":true,"sideUpdate":{"t":{"children":1,"title":"x"}},"response":{"o":{"children":2}}}' };
  const dependencies = [depends("o.children", "i.value"), depends("u.children", "t.title o.children")];
  const simulation = page("i o t u", dependencies, { "o.children": () => answer });
  assert.deepEqual(await simulation.open(), ["o.children()", "u.children(t.title o.children)"]);
  assert.equal(simulation.store.component("t").props.children, 1);
});

test("running props are set before the post and set back after any answer", async () => {
  const running = { running: { "go.disabled": true }, runningOff: { "go.disabled": false } };
  const simulation = page("go o", [depends("o.children", "go.n_clicks", "", { running })], { "o.children": () => slow(failure) });
  simulation.start();
  await simulation.advance(10);
  assert.equal(simulation.store.component("go").props.disabled, true);
  await simulation.settle();
  assert.equal(simulation.store.component("go").props.disabled, false);
});

test("an event tells the exchange and the new values", async () => {
  const simulation = page("i a", [depends("a.children", "i.value")], { "a.children": () => slow("new", 40) });
  await simulation.open();
  const { state, at, ms, worker, status, values, bytesDown } = simulation.events.at(-1);
  assert.deepEqual({ state, at, ms, worker, status, values }, { state: "done", at: 40, ms: 40, worker: "1", status: 200, values: { "a.children": "new" } });
  assert.ok(bytesDown > 0);
  assert.deepEqual(states(simulation, 1), ["waiting", "running", "done"]);
});

for (const [order, first, second] of [["before", 100, 300], ["after", 300, 100]]) {
  test(`an overtaken answer that comes ${order} the newer one, which leaves its output alone, is told`, async () => {
    const both = "..a.children...b.children..";
    const values = { saved: slow({ response: { a: { children: "saved" }, b: { children: 1 } } }, first), checked: slow({ response: { b: { children: 2 } } }, second) };
    const simulation = page("i a b", [depends(both, "i.value", "", { prevent_initial_call: true })], { [both]: ([value]) => values[value] });
    await simulation.open();
    simulation.set("i", { value: "saved" });
    await simulation.advance(10);
    simulation.set("i", { value: "checked" });
    await simulation.settle();
    const told = simulation.events.filter((event) => event.lost);
    assert.deepEqual(told.map(({ id, state, lost }) => [id, state, lost]), [[1, "dropped", ["a.children"]]]);
    assert.match(told[0].message, /That one left a\.children as it was/);
    assert.equal(simulation.store.component("a").props.children, undefined);
  });
}

test("an overtaken answer whose outputs the newer one writes is not told again", async () => {
  const simulation = page("i a", [depends("a.children", "i.value")], { "a.children": ([value]) => slow(`${value}`, value === "x" ? 300 : 50) });
  await simulation.open();
  simulation.set("i", { value: "x" });
  await simulation.advance(10);
  simulation.set("i", { value: "xy" });
  await simulation.settle();
  assert.equal(simulation.events.some((event) => event.lost), false);
});
