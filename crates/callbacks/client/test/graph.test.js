import assert from "node:assert/strict";
import { test } from "node:test";
import { DependencyGraph, readDependencies } from "../graph.js";
import { depends } from "./simulation.js";

const graphOf = (...dependencies) => new DependencyGraph(readDependencies(dependencies).callbacks);
const outputs = (callbacks) => callbacks.map((callback) => callback.output);
const callback = (graph, output) => graph.callbacks.find((each) => each.output === output);

test("several outputs are split at three dots and lose the outer ones", () => {
  const { callbacks } = readDependencies([depends("..x2.children...x3.title..", "num.value")]);
  assert.deepEqual(callbacks[0].outputs.map((output) => output.key), ["x2.children", "x3.title"]);
  assert.equal(callbacks[0].multi, true);
});

test("a list of one output is sent as a list", () => {
  const { callbacks } = readDependencies([depends("..x.children..", "num.value")]);
  assert.deepEqual([callbacks[0].multi, callbacks[0].outputs.length], [true, 1]);
});

test("a duplicate output keeps its suffix in the property and loses it in the key", () => {
  const { callbacks } = readDependencies([depends("o.children@3dbc", "b.n_clicks")]);
  assert.deepEqual(callbacks[0].outputs[0], { id: "o", property: "children@3dbc", key: "o.children", optional: false });
});

test("a callback without outputs has none, whatever its output is called", () => {
  const { callbacks } = readDependencies([depends("9f86d0818", "b.n_clicks", "", { no_output: true })]);
  assert.deepEqual(callbacks[0].outputs, []);
});

test("callbacks of unknown kinds are left out and named in words", () => {
  const { callbacks, problems } = readDependencies([
    depends("a.children", "b.value", "", { clientside_function: { namespace: "n", function_name: "f" } }),
    depends("c.children", "b.value", "", { background: { interval: 250 } }),
    { output: '{"index":["MATCH"]}.children', inputs: [], state: [] },
    { output: "d.children", inputs: [{ id: '{"t":["ALL"]}', property: "value" }], state: [] },
    depends("e.children", "b.value"),
  ]);
  assert.deepEqual(outputs(callbacks), ["e.children"]);
  assert.deepEqual(
    problems.map(({ message }) => message),
    ["is a client-side function", "is a background callback", "has a pattern-matching id", "has a pattern-matching id"].map(
      (reason) => `This client cannot run the callback, because it ${reason}.`,
    ),
  );
});

test("what is set while a callback runs is grouped by id", () => {
  const running = { running: { "go.disabled": true, "go.title": "…" }, runningOff: { "go.disabled": false } };
  const { callbacks } = readDependencies([depends("a.children", "go.n_clicks", "", { running })]);
  assert.deepEqual(callbacks[0].running, { go: { disabled: true, title: "…" } });
  assert.deepEqual(callbacks[0].runningOff, { go: { disabled: false } });
});

test("a change triggers the callbacks that have it as an Input, and not as a State", () => {
  const graph = graphOf(depends("a.children", "i.value"), depends("b.children", "x.n_clicks", "i.value"));
  assert.deepEqual(outputs(graph.readersOf("i.value")), ["a.children"]);
  assert.deepEqual(graph.readersOf("i.title"), []);
});

test("what may still change reaches down the whole chain, also through a circle", () => {
  const graph = graphOf(depends("b.value", "a.value"), depends("c.value", "b.value"), depends("a.value", "c.value"));
  assert.deepEqual([...graph.downstream(callback(graph, "b.value"))].sort(), ["a.value", "b.value", "c.value"]);
});

test("a callback waits for those that may change one of its Inputs, however far up", () => {
  const graph = graphOf(depends("b.children", "a.value"), depends("c.children", "b.children"), depends("d.children", "c.children x.n_clicks"));
  assert.equal(graph.waitsFor(callback(graph, "d.children"), callback(graph, "b.children")), true);
  assert.equal(graph.waitsFor(callback(graph, "b.children"), callback(graph, "d.children")), false);
});

test("State never makes a callback wait", () => {
  const graph = graphOf(depends("d.children", "a.value"), depends("z.children", "a.value", "d.children"));
  assert.equal(graph.waitsFor(callback(graph, "z.children"), callback(graph, "d.children")), false);
});

test("an Input that is the callback's own output does not make it wait", () => {
  const graph = graphOf(depends("..n.value...s.value..", "n.value s.value"), depends("n.value@2", "b.n_clicks"));
  const [own, other] = graph.callbacks;
  assert.equal(graph.waitsFor(own, other), false);
});

test("the longest chain has the highest priority, then the one with more callbacks behind it", () => {
  const graph = graphOf(
    depends("z.children", "i.value"),
    depends("p.children", "i.value"),
    depends("q.children", "p.children"),
    depends("r.children", "p.children"),
    depends("s.children", "i.value"),
    depends("t.children", "s.children"),
    depends("a.children", "i.value"),
    depends("b.children", "a.children"),
    depends("c.children", "b.children"),
  );
  const priorities = ["a", "p", "s", "z"].map((id) => graph.priority(callback(graph, `${id}.children`)));
  assert.deepEqual(priorities, ["211", "12", "11", "0"]);
});

test("on load every callback with an output in the layout is called, in the layout's order", () => {
  const graph = graphOf(depends("b.children", "i.value"), depends("a.children", "i.value"), depends("gone.children", "i.value"));
  assert.deepEqual(outputs(graph.initialCallbacks(["i", "a", "b"])), ["a.children", "b.children"]);
});

test("one of several outputs in the layout is enough for the initial call", () => {
  const graph = graphOf(depends("..a.children...gone.children..", "i.value"));
  assert.equal(graph.initialCallbacks(["i", "a"]).length, 1);
});

test("prevent_initial_call leaves a callback out", () => {
  const graph = graphOf(depends("a.children", "b.n_clicks", "", { prevent_initial_call: true }), depends("c.children", "a.children"));
  assert.deepEqual(outputs(graph.initialCallbacks(["a", "b", "c"])), ["c.children"]);
});

test("a callback without outputs is called on load if one of its inputs is in the layout, or if it has none", () => {
  const graph = graphOf(
    depends("h1", "i.value", "", { no_output: true }),
    depends("h2", "gone.value", "", { no_output: true }),
    depends("h3", "", "", { no_output: true }),
  );
  assert.deepEqual(outputs(graph.initialCallbacks(["i"])), ["h1", "h3"]);
});

test("a callback without inputs is called once on load", () => {
  const graph = graphOf(depends("a.children", ""), depends("gone.children", ""));
  assert.deepEqual(outputs(graph.initialCallbacks(["a"])), ["a.children"]);
});

test("callbacks without any input in the layout are left out, and those that only depend on them", () => {
  const graph = graphOf(
    depends("a.children", "gone.value gone2.value"),
    depends("b.children", "a.children"),
    depends("c.children", "b.children"),
    depends("d.children", "b.children x.n_clicks"),
  );
  assert.deepEqual(outputs(graph.initialCallbacks(["a", "b", "c", "d", "x"])), ["d.children"]);
});

test("an optional input that is missing does not leave a callback out", () => {
  const graph = graphOf(depends("a.children", "gone.value?"));
  assert.equal(graph.initialCallbacks(["a"]).length, 1);
});

test("what the server has called already is not called on load", () => {
  const graph = graphOf(depends("a.children", "i.value"), depends("b.children", "a.children s.data"));
  assert.deepEqual(outputs(graph.initialCallbacks(["i", "a", "b", "s"], ["a.children"])), ["b.children"]);
});

test("a new part calls the callbacks with an output inside as initial ones, unless that is prevented", () => {
  const graph = graphOf(depends("in1.children", "i.value"), depends("in2.children", "i.value", "", { prevent_initial_call: true }));
  const calls = graph.callsOfNewPart(["in1", "in2"]);
  assert.deepEqual(calls.map(({ callback, changed, initial }) => [callback.output, changed, initial]), [["in1.children", [], true]]);
});

test("a new part calls those with an input inside and the output outside, even if their initial call is prevented", () => {
  const graph = graphOf(depends("out.children", "in.value in.title", "", { prevent_initial_call: true }), depends("in2.children", "in.value"));
  const calls = graph.callsOfNewPart(["in", "in2"]);
  assert.deepEqual(calls.map(({ callback, changed, initial }) => [callback.output, changed, initial]), [
    ["out.children", ["in.value", "in.title"], false],
    ["in2.children", [], true],
  ]);
});
