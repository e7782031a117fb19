import assert from "node:assert/strict";
import { test } from "node:test";
import { EntryReader } from "../stage/entries.js";
import { StageModel } from "../stage/model.js";
import { ageOf, short } from "../stage/words.js";

const global = { kind: "swap", write: "input.value", read: "content.children" };
const sessions = { kind: "swap", key: "name.value", write: "input.value", read: "content.children", place: "place.children", kept: "kept.children" };
const counter = { kind: "add", held: "cache.data", read: "content.children" };

/** A stage, and pages whose events it hears: `ask` posts a call and returns what answers it. */
class Scene {
  #calls = 0;
  #readers = new Map();

  constructor(operation, workers = 8) {
    this.operation = operation;
    this.model = new StageModel(operation, workers);
  }

  ask(person, sent, output = "content.children") {
    if (!this.#readers.has(person)) this.#readers.set(person, new EntryReader(this.operation, `page of ${person}`, person, 1000));
    const reader = this.#readers.get(person);
    const fixed = { id: (this.#calls += 1), output, inputs: [], sent, bytesUp: 1, bytesDown: 1, callbackMs: 1 };
    const take = (detail) => this.model.take(reader.read({ ...fixed, at: this.#calls, ...detail }));
    take({ state: "running", ms: null });
    return (worker, values, more = {}) => take({ state: "done", ms: 3, worker: String(worker), life: "1", status: 200, values, ...more });
  }

  /** A call of the global variable, from its post to its answer. */
  swap(person, write, worker, read, more) {
    this.ask(person, { "input.value": write })(worker, { "content.children": read }, more);
  }

  copies() {
    return Object.fromEntries(this.model.living().filter(({ copy }) => copy).map(({ worker, copy }) => [worker, copy.value]));
  }

  warnings() {
    return Object.fromEntries([...this.model.warnings.values()].map(({ kind, text }) => [kind, text]));
  }
}

test("each worker has a lane from the start, and what was not seen is unknown", () => {
  const { model } = new Scene(global);
  assert.deepEqual(model.lanes.map(({ worker, life, copy, heard }) => [worker, life, copy, heard]), [1, 2, 3, 4, 5, 6, 7, 8].map((worker) => [worker, 1, null, null]));
});

test("after a worker's answer it holds what that call wrote, and an older read is told with its reason", () => {
  const scene = new Scene(global);
  scene.swap("A", "M", 3, null);
  scene.swap("A", "Mo", 5, null);
  assert.deepEqual(scene.copies(), { 3: "M", 5: "Mo" });
  scene.swap("A", "Mon", 3, "M");
  assert.deepEqual(scene.copies(), { 3: "Mon", 5: "Mo" });
  assert.equal(scene.warnings().stale, "This answer is older than A’s last write: worker 3 held “M”: worker 5 has “Mo”, which A wrote last.");
});

test("a read that nobody on the stage wrote was written off stage", () => {
  const scene = new Scene(global);
  scene.swap("A", "M", 3, null);
  scene.swap("A", "Mo", 3, "Zürich");
  assert.match(scene.warnings().foreign, /Worker 3 read “Zürich”, which nobody here wrote/);
  assert.match(scene.model.steps.at(-1).sentence, /Somebody off stage wrote that/);
});

test("an answer that overtakes the one before it is no contradiction, and the copy is that of the later call", () => {
  const scene = new Scene(global);
  scene.swap("A", "x", 1, null);
  const first = scene.ask("A", { "input.value": "a" });
  const second = scene.ask("A", { "input.value": "ab" });
  second(1, { "content.children": "a" });
  first(1, { "content.children": "x" }, { state: "dropped" });
  assert.deepEqual(scene.copies(), { 1: "ab" });
  assert.equal(scene.warnings().foreign, undefined);
});

test("who reads what another person wrote is told", () => {
  const scene = new Scene(global, 1);
  scene.swap("A", "Oslo", 1, null);
  scene.swap("B", "Rome", 1, "Oslo");
  assert.match(scene.warnings().another, /^B read “Oslo”, which A wrote/);
});

test("a worker that is killed ends with its copy, and its next life is a new lane", () => {
  const scene = new Scene(global);
  scene.swap("A", "M", 3, null);
  scene.model.take({ kind: "kill", at: 9, worker: 3, life: 1 });
  assert.deepEqual(scene.copies(), {});
  assert.deepEqual(scene.model.lanes.filter(({ worker }) => worker === 3).map(({ life, ended }) => [life, ended !== null]), [[1, true], [2, false]]);
  assert.match(scene.model.steps.at(-1).sentence, /Its copy, “M”, is gone/);
  scene.swap("A", "Mo", 3, null, { life: "2" });
  assert.match(scene.warnings().stale, /worker 3 held nothing: it is new, and what its predecessor held is gone/);
});

test("a later life that answers ends the one before it, also if nobody here killed that", () => {
  const scene = new Scene(global);
  scene.swap("A", "M", 3, null);
  scene.swap("A", "Mo", 3, null, { life: "4" });
  assert.deepEqual(scene.copies(), { 3: "Mo" });
});

test("a failed answer changes no copy", () => {
  const scene = new Scene(global);
  scene.swap("A", "M", 3, undefined, { status: 500, state: "failed", values: {}, message: "It failed." });
  assert.deepEqual(scene.copies(), {});
  assert.equal(scene.model.steps.at(-1).sentence, "Worker 3 answers A: It failed.");
});

test("a session is one place for all workers, and holds what the server says of it", () => {
  const scene = new Scene(sessions);
  const click = (write, worker, read, kept) =>
    scene.ask("A", { "name.value": "s", "input.value": write })(worker, { "content.children": read, "place.children": "Now the file s.json holds:", "kept.children": JSON.stringify({ value: kept, worker }) });
  click("v0", 2, "None", "Init");
  click("v1", 7, "Init", "v1");
  const place = scene.model.places.get("s");
  assert.deepEqual([place.value, place.worker, place.title], ["v1", 7, "Now the file s.json holds:"]);
  assert.deepEqual([scene.copies(), scene.warnings()], [{}, {}]);
});

test("two updates that began with the same number are one lost update", () => {
  const scene = new Scene(counter);
  const add = (base) => scene.ask("A", { "button.n_clicks": 1, "cache.data": base }, "cache.data");
  const [first, second, third] = [add(0), add(0), add(0)];
  first(1, { "cache.data": 1 }, { state: "dropped" });
  second(2, { "cache.data": 1 }, { state: "dropped" });
  third(3, { "cache.data": 1 });
  add(1)(4, { "cache.data": 2 });
  assert.equal(scene.model.lost, 2);
  assert.match(scene.warnings().lost, /3 updates began with “0”, and one survives. 2 updates lost\./);
});

test("what the browser holds goes up and down, and is counted", () => {
  const scene = new Scene({ kind: "put", write: "input.value", held: "cache.data", read: "content.children" });
  scene.ask("A", { "input.value": "a" }, "cache.data")(1, { "cache.data": { a: 1 } });
  scene.ask("A", { "cache.data": { a: 1 } })(2, { "content.children": "a" });
  assert.match(scene.warnings().trips, /came down 1 time and went up 1 time: 7 bytes/);
  assert.deepEqual(scene.model.people.get("A").held.value, { a: 1 });
});

test("a computed value says who computed it and when", () => {
  const scene = new Scene({ kind: "compute", key: "input.value", read: "content.children", origin: "cache.children" });
  scene.ask("A", { "input.value": "x" }, "..content_2.children...cache_2.children..")(5, { "content_2.children": "x", "cache_2.children": "hit: answered by worker 5, computed by worker 3, 12.3 s ago" });
  const entry = scene.model.places.get("x");
  assert.equal(entry.worker, 3);
  assert.equal(entry.computedAt, 1001 - 12300);
  assert.match(scene.model.steps.at(-1).sentence, /found the result that worker 3 computed/);
});

test("a call without an answer waits", () => {
  const scene = new Scene(global);
  scene.ask("A", { "input.value": "x" });
  assert.equal(scene.model.waiting(1500).length, 0);
  assert.equal(scene.model.waiting(4000).length, 1);
});

test("a long life keeps a bounded number of steps and calls", () => {
  const scene = new Scene(global);
  for (let index = 0; index < 2000; index += 1) scene.swap("A", `x${index}`, 1, index === 0 ? null : `x${index - 1}`);
  assert.equal(scene.model.steps.length, 300);
  assert.equal(scene.model.calls.size, 300);
});

test("a large value is begun and not written out", () => {
  assert.equal(short({ a: [1, null, "x"] }, 40), '{a: [1, null, "x"]}');
  assert.equal(short(Array.from({ length: 1e6 }, (_, index) => index), 12), "[0, 1, 2, 3…");
  assert.equal(short("y".repeat(1000), 4), "yyy…");
  assert.deepEqual([0, 3000, 150000].map(ageOf), ["now", "3 s ago", "2 min ago"]);
});
