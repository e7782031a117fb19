import assert from "node:assert/strict";
import { test } from "node:test";
import { continuedBy } from "../siblings.js";
import { component } from "./simulation.js";

const box = (children) => ({ namespace: "dash_html_components", type: "Div", props: { children } });
const field = (id) => component(id);

test("a child with an id is recognised by it, wherever it goes", () => {
  assert.deepEqual(continuedBy([field("a"), field("b"), field("c")], [field("c"), field("new"), field("a")]), [2, -1, 0]);
});

test("an id that a component of another type had is not recognised", () => {
  assert.deepEqual(continuedBy([{ ...field("a"), type: "Span" }], [field("a")]), [-1]);
});

test("a box without an id is recognised by a field in it, also when a box before it goes", () => {
  assert.deepEqual(continuedBy([box("hint"), box([field("name")])], [box([field("name")])]), [1]);
  assert.deepEqual(continuedBy([box([field("hint"), field("name")])], [box("new"), box([field("name")])]), [-1, 0]);
});

test("what has no id in it is recognised by its order among its kind", () => {
  assert.deepEqual(continuedBy(["a", box("x"), "b", box("y")], ["a", "b", box("y")]), [0, 2, 1]);
  assert.deepEqual(continuedBy(["a"], ["a", "b"]), [0, -1]);
});

test("of two children with one id the second is another", () => {
  assert.deepEqual(continuedBy([field("a")], [field("a"), field("a")]), [0, -1]);
});

test("a long list is matched in little time", () => {
  const list = Array.from({ length: 5000 }, () => box("x"));
  const start = performance.now();
  assert.deepEqual(continuedBy(list, list), [...list.keys()]);
  assert.ok(performance.now() - start < 5000);
});
