import assert from "node:assert/strict";
import { test } from "node:test";
import { LayoutStore, componentsIn, deepEqual, idsIn } from "../store.js";
import { component } from "./simulation.js";

test("components are found by id wherever they are", () => {
  const store = new LayoutStore(component("root", { children: ["text", component("a", { children: component("b") }), null, 3] }));
  assert.deepEqual(store.ids(), ["root", "a", "b"]);
  assert.equal(store.component("b").props.id, "b");
  assert.equal(store.component("c"), undefined);
});

test("a layout may be a list", () => {
  assert.deepEqual(new LayoutStore([component("a"), component("b")]).ids(), ["a", "b"]);
});

test("components in a Loading's custom spinner and in a Tab's label count as well", () => {
  const loading = { namespace: "dash_core_components", type: "Loading", props: { custom_spinner: component("s"), children: component("c") } };
  const tab = { namespace: "dash_core_components", type: "Tab", props: { label: [component("l")] } };
  assert.deepEqual(idsIn([loading, tab]), ["c", "s", "l"]);
  assert.equal([...componentsIn(loading)].length, 3);
});

test("a component's own change counts only where the value is really different", () => {
  const store = new LayoutStore([component("a", { value: { x: [1, 2] }, title: "t" })]);
  assert.deepEqual(store.change(store.component("a"), { value: { x: [1, 2] }, title: "u" }), ["a.title"]);
  assert.deepEqual(store.change(store.component("a"), { value: { x: [2, 1] } }), ["a.value"]);
});

test("null and a value that was never set are different", () => {
  const store = new LayoutStore([component("a")]);
  assert.deepEqual(store.change(store.component("a"), { value: null }), ["a.value"]);
  assert.deepEqual(store.change(store.component("a"), { value: null }), []);
});

test("a component without id is changed, and nobody can be told", () => {
  const anonymous = { namespace: "dash_core_components", type: "Input", props: {} };
  assert.deepEqual(new LayoutStore([anonymous]).change(anonymous, { value: "x" }), []);
  assert.equal(anonymous.props.value, "x");
});

test("an answer counts as changed also where the value is the same", () => {
  const store = new LayoutStore([component("a", { children: "same" })]);
  assert.deepEqual(store.apply({ a: { children: "same" } }).changed, ["a.children"]);
});

test("ids that are not in the layout are passed over", () => {
  assert.deepEqual(new LayoutStore([component("a")]).apply({ gone: { children: 1 } }), { changed: [], added: [], touched: [] });
});

test("new children bring their ids, and the old ones are forgotten", () => {
  const store = new LayoutStore([component("box", { children: component("old") })]);
  const { added } = store.apply({ box: { children: [component("new", { children: component("inner") })] } });
  assert.deepEqual(added, ["new", "inner"]);
  assert.deepEqual(store.ids(), ["box", "new", "inner"]);
  assert.equal(store.component("old"), undefined);
});

test("the same id in new children is the new component", () => {
  const store = new LayoutStore([component("box", { children: component("in", { value: "typed" }) })]);
  store.apply({ box: { children: component("in", { value: "fresh" }) } });
  assert.equal(store.component("in").props.value, "fresh");
});

test("a user's change is part of the children that are sent", () => {
  const store = new LayoutStore([component("box", { children: component("in", { value: "a" }) })]);
  store.change(store.component("in"), { value: "b" });
  assert.equal(store.component("box").props.children.props.value, "b");
});

test("deep equality compares JSON values", () => {
  assert.equal(deepEqual({ a: [1, { b: null }] }, { a: [1, { b: null }] }), true);
  for (const [left, right] of [[1, "1"], [null, undefined], [[], {}], [{ a: 1 }, { a: 1, b: 2 }], [{ a: undefined }, { b: undefined }], [[1], [1, 2]]]) {
    assert.equal(deepEqual(left, right), false);
  }
});

test("a component that moves between two parents in one answer is still known, in whichever order the parents come", () => {
  for (const order of [["right", "left"], ["left", "right"]]) {
    const store = new LayoutStore([component("left", { children: component("x") }), component("right")]);
    const values = { right: { children: [component("x", { value: "moved" })] }, left: { children: [] } };
    store.apply(Object.fromEntries(order.map((id) => [id, values[id]])));
    assert.equal(store.component("x")?.props.value, "moved", order.join(", "));
  }
});

test("what leaves one parent and all that is in it moves to another and is still known", () => {
  const store = new LayoutStore([component("left", { children: component("box", { children: component("inner") }) }), component("right")]);
  store.apply({ right: { children: component("inner", { value: 1 }) }, left: { children: null } });
  assert.deepEqual([store.component("box"), store.component("inner")?.props.value], [undefined, 1]);
});
