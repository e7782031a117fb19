// What the components know without a document.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isSafeUrl, setEveryday } from "../components/attributes.js";
import { createOf } from "../components/components.js";
import { readOptions } from "../components/dropdown.js";
import { elementName } from "../components/html.js";

test("addresses that are relative, of the web, for mail or images are safe", () => {
  for (const url of ["/x?a=b:c#d", "page", "", "../up", "#part", "?q=1:2", "//host/x", "http://h", "HTTPS://h", "mailto:a@b", "data:image/png;base64,AA=="]) {
    assert.equal(isSafeUrl(url), true, url);
  }
});

test("addresses that run something are not, however they are written", () => {
  for (const url of ["javascript:alert(1)", " javascript:x", "JaVaScRiPt:x", "java\nscript:x", "\u0001javascript:x", "vbscript:x", "data:text/html,x", "file:///etc/passwd", "blob:x"]) {
    assert.equal(isSafeUrl(url), false, url);
  }
});

test("title, hidden, the place of the Tab key, data and aria are attributes of every component", () => {
  /** @type {Record<string, string>} */
  const attributes = { title: "old" };
  const element = {
    setAttribute: (name, value) => (attributes[name] = value),
    removeAttribute: (name) => delete attributes[name],
  };
  setEveryday(element, { id: "x", value: 1, title: null, hidden: true, tabIndex: 0, "data-at": 1.5, "aria-label": "a", onclick: "x" });
  assert.deepEqual(attributes, { hidden: "", tabindex: "0", "data-at": "1.5", "aria-label": "a" });
});

test("every html type is the element of that name, apart from those that load or run something", () => {
  assert.deepEqual(["Div", "H1", "MapEl", "Blockquote"].map(elementName), ["div", "h1", "map", "blockquote"]);
  for (const type of ["Script", "Iframe", "ObjectEl", "Embed", "Base", "Meta", "Link", "Style", "no tag", "x-y", "1"]) {
    assert.equal(elementName(type), null, type);
  }
});

test("a component of another library is not there", () => {
  assert.equal(createOf("dash_bootstrap_components", "Card"), undefined);
  assert.equal(createOf("dash_core_components", "constructor"), undefined);
  assert.equal(typeof createOf("dash_core_components", "Input"), "function");
});

test("options keep the types of their values", () => {
  const valueAndLabel = (options) => readOptions(options).map(({ value, label }) => [value, label]);
  assert.deepEqual(valueAndLabel(["A", 2, true]), [["A", "A"], [2, "2"], [true, "true"]]);
  assert.deepEqual(valueAndLabel({ 1: "One", k: "Two" }), [["1", "One"], ["k", "Two"]]);
  assert.deepEqual(valueAndLabel([{ label: "One", value: 1 }, { value: 2 }]), [[1, "One"], [2, "2"]]);
  assert.deepEqual(valueAndLabel([{ value: 3, label: { props: { children: ["T", { props: { children: "hree" } }] } } }]), [[3, "Three"]]);
  assert.equal(readOptions([{ label: "x", value: 1, disabled: true }])[0].disabled, true);
  assert.deepEqual(readOptions(undefined), []);
});
