import assert from "node:assert/strict";
import { test } from "node:test";
import { readDependencies } from "../graph.js";
import { Connection, prepareCall, readAnswer, readServerTiming } from "../protocol.js";
import { LayoutStore } from "../store.js";
import { component, depends } from "./simulation.js";

const callbackOf = (...args) => readDependencies([depends(...args)]).callbacks[0];
const layout = [
  component("btn"),
  component("in1", { value: "Montréal" }),
  component("in2"),
  component("cleared", { value: null }),
  component("h", { children: null }),
  component("x2"),
];
const prepare = (callback, changed = []) => prepareCall(callback, changed, new LayoutStore(layout));

test("the keys of a body are in Dash's order, and a value that was never set has no key", () => {
  const { body } = prepare(callbackOf("h.children", "btn.n_clicks", "in1.value in2.value cleared.value"));
  assert.equal(
    body,
    '{"output":"h.children","outputs":{"id":"h","property":"children"},"inputs":[{"id":"btn","property":"n_clicks"}],' +
      '"changedPropIds":[],"parsedChangedPropsIds":[],"state":[{"id":"in1","property":"value","value":"Montréal"},' +
      '{"id":"in2","property":"value"},{"id":"cleared","property":"value","value":null}]}',
  );
});

test("several outputs are a list, one is an object, none has no key", () => {
  assert.deepEqual(JSON.parse(prepare(callbackOf("..h.children...x2.title..", "btn.n_clicks")).body).outputs, [
    { id: "h", property: "children" },
    { id: "x2", property: "title" },
  ]);
  assert.equal("outputs" in JSON.parse(prepare(callbackOf("hash", "btn.n_clicks", "", { no_output: true })).body), false);
});

test("a duplicate output is sent with its suffix", () => {
  const body = JSON.parse(prepare(callbackOf("h.children@ab12", "btn.n_clicks")).body);
  assert.deepEqual([body.output, body.outputs.property], ["h.children@ab12", "children@ab12"]);
});

test("without a declared State there is no state", () => {
  assert.equal("state" in JSON.parse(prepare(callbackOf("h.children", "btn.n_clicks")).body), false);
});

test("an optional argument that is missing is sent as null", () => {
  const { body } = prepare(callbackOf("h.children", "in1.value gone.value?"));
  assert.deepEqual(JSON.parse(body).inputs[1], { id: "gone", property: "value", allow_optional: true, value: null });
});

test("a callback with all inputs or the only output missing is silently absent", () => {
  assert.equal(prepare(callbackOf("h.children", "gone.value gone2.value")).kind, "absent");
  assert.equal(prepare(callbackOf("gone.children", "in1.value")).kind, "absent");
});

for (const [what, callback] of Object.entries({
  "Input gone.value": callbackOf("h.children", "in1.value gone.value"),
  "State gone.value": callbackOf("h.children", "in1.value", "gone.value"),
  "Output gone.children": callbackOf("..h.children...gone.children..", "in1.value"),
})) {
  test(`a missing ${what} among others is a problem in words`, () => {
    const prepared = prepare(callback);
    assert.equal(prepared.kind, "problem");
    assert.match(prepared.message, new RegExp(`^Its ${what} is missing`));
  });
}

const single = callbackOf("h.children", "in1.value");

test("an answer with multi holds values by id and property", () => {
  const outcome = readAnswer(single, 200, '{"multi":true,"response":{"h":{"children":"n=1"}}}');
  assert.deepEqual(outcome, { kind: "values", values: { h: { children: "n=1" } }, side: {} });
});

test("an answer without multi holds the properties of the only output", () => {
  const outcome = readAnswer(single, 200, '{"response":{"props":{"children":"old form"}}}');
  assert.deepEqual(outcome.values, { h: { children: "old form" } });
});

test("204, an empty response and no response change nothing", () => {
  for (const [status, text] of [[204, ""], [200, '{"multi":true,"response":{}}'], [200, '{"multi":true}'], [200, "{}"]]) {
    assert.deepEqual(readAnswer(single, status, text), { kind: "nothing", side: {} });
  }
});

test("set_props arrives beside the response", () => {
  const outcome = readAnswer(single, 200, '{"multi":true,"sideUpdate":{"t":{"title":"x"}},"response":{}}');
  assert.deepEqual(outcome, { kind: "nothing", side: { t: { title: "x" } } });
});

test("any other status is a problem, also with a good body", () => {
  for (const status of [201, 304, 400, 404, 500]) {
    assert.equal(readAnswer(single, status, '{"multi":true,"response":{"h":{"children":1}}}').kind, "problem");
  }
});

test("the server's own sentence is what is shown, with its detail", () => {
  const outcome = readAnswer(single, 500, '{"error":"The callback h.children failed.","detail":"at line 3"}');
  assert.deepEqual([outcome.message, outcome.detail], ["The callback h.children failed.", "at line 3"]);
  assert.equal(readAnswer(single, 500, "<html>").message, "The server answered with status 500 instead of 200.");
});

test("a 200 that is not the expected JSON is a problem", () => {
  for (const text of ["{oops", "[]", "null", '"text"', '{"multi":true,"response":[1]}', '{"multi":true,"response":{"h":1}}', '{"response":{"h":{"children":1}}}']) {
    assert.equal(readAnswer(single, 200, text).kind, "problem", text);
  }
});

test("background answers and Patch objects are problems in words", () => {
  assert.match(readAnswer(single, 200, '{"cacheKey":"a","job":"b"}').message, /background callback/);
  const patch = '{"multi":true,"response":{"h":{"children":{"__dash_patch_update":"__dash_patch_update","operations":[]}}}}';
  assert.match(readAnswer(single, 200, patch).message, /Patch/);
});

test("Server-Timing is read with and without quotes", () => {
  assert.deepEqual(readServerTiming('worker;desc="3", callback;dur=1.25;desc="a, b", cache; desc=hit, total'), {
    worker: { desc: "3" },
    callback: { dur: "1.25", desc: "a, b" },
    cache: { desc: "hit" },
    total: {},
  });
  assert.deepEqual(readServerTiming('cache;desc="a;b=c", callback;dur=2'), { cache: { desc: "a;b=c" }, callback: { dur: "2" } });
  assert.deepEqual(readServerTiming(null), {});
});

test("a cookie that cannot be decoded is sent as it is, and the call goes out", async () => {
  const sent = [];
  globalThis.document = { cookie: "_csrf_token=%; other=1" };
  globalThis.fetch = async (url, options) => {
    sent.push(options.headers["X-CSRFToken"]);
    return new Response('{"multi":true,"response":{}}', { status: 200 });
  };
  try {
    const { outcome } = await new Connection({}, "http://127.0.0.1/").post("{}", callbackOf("h.children", "btn.n_clicks"));
    assert.equal(outcome.kind, "nothing");
    assert.deepEqual(sent, ["%"]);
  } finally {
    delete globalThis.document;
    delete globalThis.fetch;
  }
});

test("calls go to the prefix, which may be relative to the page's address", async () => {
  const asked = [];
  globalThis.document = { cookie: "" };
  globalThis.fetch = async (url) => {
    asked.push(url);
    return new Response('{"multi":true,"response":{}}', { status: 200 });
  };
  try {
    const callback = callbackOf("h.children", "btn.n_clicks");
    for (const [config, page] of [
      [{}, "http://app.test/"],
      [{ requests_pathname_prefix: "/dash/" }, "http://app.test/anywhere"],
      [{ requests_pathname_prefix: "/dash" }, "http://app.test/dash"],
      [{ requests_pathname_prefix: "./" }, "http://app.test/tools/dash/?a=b"],
      [{ requests_pathname_prefix: "./dash/" }, "http://app.test/tools/dash"],
    ]) {
      await new Connection(config, page).post("{}", callback);
    }
    assert.deepEqual(
      asked,
      ["/", "/dash/", "/dash/", "/tools/dash/", "/tools/dash/"].map((prefix) => `${prefix}_dash-update-component`),
    );
  } finally {
    delete globalThis.document;
    delete globalThis.fetch;
  }
});
