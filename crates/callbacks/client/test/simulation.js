// A page without a browser: the real graph, store, bodies and queue, with a clock of its own and a server in the test.

import { DependencyGraph, readDependencies } from "../graph.js";
import { prepareCall, readAnswer } from "../protocol.js";
import { CallQueue } from "../queue.js";
import { LayoutStore } from "../store.js";

/**
 * A component of the layout.
 *
 * @param {string} id
 * @param {Record<string, any>} [props]
 */
export function component(id, props = {}) {
  return { namespace: "dash_html_components", type: "Div", props: { ...props, id } };
}

/**
 * An entry of the dependencies: `depends("d.children", "b.children c.children", "s.data")`.
 *
 * @param {string} output
 * @param {string} inputs
 * @param {string} [state]
 * @param {Record<string, any>} [more]
 */
export function depends(output, inputs, state = "", more = {}) {
  return { output, inputs: readKeys(inputs), state: readKeys(state), ...more };
}

/** @param {string} keys a question mark marks an optional one */
function readKeys(keys) {
  return keys
    .split(" ")
    .filter(Boolean)
    .map((key) => {
      const [id, property] = key.replace("?", "").split(".");
      return key.endsWith("?") ? { id, property, allow_optional: true } : { id, property };
    });
}

/** The server's answer that changes nothing: status 204. */
export const preventUpdate = { status: 204, text: "" };
/** The server's answer with no value for any output: status 200. */
export const noUpdate = { status: 200, text: '{"multi":true,"response":{}}' };
/** A failed callback. */
export const failure = { status: 500, text: '{"error":"It failed."}' };

/**
 * @typedef {(inputs: any[], body: any) => any} Callback
 *   what the server does: the value of the only output, or an answer as above, or `{ after: milliseconds, value }`
 */

export class Simulation {
  /** Every post as `output(changed properties)`, in order. @type {string[]} */
  posts = [];
  /** The same as sent. @type {any[]} */
  bodies = [];
  /** @type {any[]} */
  events = [];
  /** @type {any[]} */
  problems = [];
  /** @type {Set<string>} */
  loading = new Set();
  busy = false;
  now = 0;
  #tasks = /** @type {{ at: number, run: () => void }[]} */ ([]);

  /**
   * @param {any} layout
   * @param {any[]} dependencies
   * @param {Record<string, Callback>} callbacks
   */
  constructor(layout, dependencies, callbacks) {
    const read = readDependencies(dependencies);
    this.problems.push(...read.problems);
    this.graph = new DependencyGraph(read.callbacks);
    this.store = new LayoutStore(layout);
    this.callbacks = callbacks;
    this.queue = new CallQueue(this.graph, {
      prepare: (callback, changed) => prepareCall(callback, changed, this.store),
      post: (body, callback) => this.#post(body, callback),
      apply: (values) => this.store.apply(values),
      applied: () => this.applied(),
      schedule: (run) => this.#later(0, run),
      now: () => this.now,
      tell: (event) => this.events.push(event),
      fail: (problem) => this.problems.push(problem),
      progress: (pending, loading) => {
        this.busy = pending;
        this.loading = loading;
      },
    });
  }

  /** What components do after a change; a test may set it. */
  applied() {}

  /** Makes the initial calls, apart from those that the server has made. */
  start(/** @type {string[]} */ done = []) {
    this.queue.start(this.graph.initialCallbacks(this.store.ids(), done));
  }

  /** Makes the initial calls, and runs until nothing is left to do. */
  async open(/** @type {string[]} */ done = []) {
    this.start(done);
    return this.settle();
  }

  /** A component's own change, as by a click or a key press. */
  set(/** @type {string} */ id, /** @type {Record<string, any>} */ props) {
    const target = this.store.component(id);
    if (!target) throw new Error(`there is no ${id}`);
    this.queue.change(this.store.change(target, props));
  }

  /** Runs until nothing is left to do, and returns the posts since the last time. */
  async settle() {
    await this.advance(Infinity);
    return this.posts.splice(0);
  }

  /** Lets so much time pass. */
  async advance(/** @type {number} */ milliseconds) {
    const until = this.now + milliseconds;
    for (;;) {
      await flush();
      const at = Math.min(...this.#tasks.map((task) => task.at));
      if (this.#tasks.length === 0 || at > until) break;
      const index = this.#tasks.findIndex((task) => task.at === at);
      this.now = at;
      this.#tasks.splice(index, 1)[0].run();
    }
    if (Number.isFinite(until)) this.now = until;
  }

  #later(/** @type {number} */ delay, /** @type {() => void} */ run) {
    this.#tasks.push({ at: this.now + delay, run });
  }

  /** @returns {Promise<any>} */
  #post(/** @type {string} */ text, /** @type {any} */ callback) {
    const body = JSON.parse(text);
    this.posts.push(`${body.output}(${body.changedPropIds.join(" ")})`);
    this.bodies.push(text);
    const inputs = body.inputs.map((/** @type {any} */ input) => input.value);
    const given = this.callbacks[body.output]?.(inputs, body) ?? `${body.output}'`;
    const { after = 1, value = given } = Object(given);
    const { status = 200, text: answer } = value?.status ? value : { text: answerOf(callback, value) };
    const exchange = { status, worker: "1", callbackMs: null, cache: null, bytesUp: text.length, bytesDown: answer.length };
    return new Promise((resolve) => {
      this.#later(after, () => resolve({ outcome: readAnswer(callback, status, answer), exchange }));
    });
  }
}

/** @param {any} callback @param {any} value */
function answerOf(callback, value) {
  const response = value?.response ?? {};
  if (!value?.response) for (const { id, key } of callback.outputs) (response[id] ??= {})[key.split(".")[1]] = value;
  return JSON.stringify({ multi: true, response });
}

/** Lets all promises run that can. */
async function flush() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
