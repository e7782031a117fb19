// The calls and their states: waiting, running, then done, dropped or failed.
// Pure: posting, the page and the clock are given to it, so the rules can be tested without a browser.

import { thisPage } from "./errors.js";

/** @import { Answer, Callback, CallDetail, CallRequest, CallState, Exchange, QueueParts, Values } from "./types.d.ts" */
/** @import { DependencyGraph } from "./graph.js" */

/** The most calls in flight at once. */
const limit = 12;

/**
 * A group of initial calls: a call whose inputs are all outputs of finished members is not needed,
 * unless one of them changed such an input. Then the call is no longer an initial one.
 *
 * @typedef {{ members: Set<Callback>, finished: Set<string> }} Group
 */

/**
 * @typedef {object} Call
 * @property {number} id
 * @property {Callback} callback
 * @property {Set<string>} changed
 * @property {boolean} initial
 * @property {Group | null} group
 * @property {Set<Callback>} predecessors the callbacks whose answers led to this call: they are not called again
 * @property {boolean} loading whether its outputs are shown as being computed
 * @property {boolean} superseded
 * @property {number} postedAt
 * @property {Values[string]} sent the values that it was posted with
 * @property {Call | null} successor the newer call of the same callback that took its place
 * @property {Set<string> | null} written the keys that its answer wrote; null until it has ended
 * @property {{ call: Call, keys: string[], facts: Partial<CallDetail> }[]} ignored what the answers of its predecessors would have written
 */

const outrun = "A newer call of the same callback took its place.";

/** @type {Exchange} */
const noExchange = { status: null, worker: null, life: null, callbackMs: null, cache: null, bytesUp: 0, bytesDown: 0 };

/** All calls of a page that have not ended. */
export class CallQueue {
  #graph;
  #parts;
  /** @type {Call[]} in the order in which they were first asked for */
  #waiting = [];
  /** @type {Set<Call>} */
  #running = new Set();
  #lastId = 0;
  #scheduled = false;
  /** @type {Set<Callback>} whose answer is being written into the page right now */
  #cause = new Set();

  /**
   * @param {DependencyGraph} graph
   * @param {QueueParts} parts
   */
  constructor(graph, parts) {
    this.#graph = graph;
    this.#parts = parts;
  }

  /**
   * The initial calls of the page.
   *
   * @param {Callback[]} callbacks
   */
  start(callbacks) {
    this.#request(callbacks.map((callback) => ({ callback, changed: [], initial: true })), new Set());
  }

  /**
   * A component changed these properties by itself.
   *
   * @param {string[]} keys
   */
  change(keys) {
    this.#request(this.#readers(keys), this.#cause);
  }

  /**
   * @param {string[]} keys
   * @returns {CallRequest[]}
   */
  #readers(keys) {
    return keys.flatMap((key) => this.#graph.readersOf(key).map((callback) => ({ callback, changed: [key], initial: false })));
  }

  /**
   * @param {CallRequest[]} requests
   * @param {Set<Callback>} predecessors
   */
  #request(requests, predecessors) {
    /** @type {Group} */
    const group = { members: new Set(), finished: new Set() };
    for (const request of requests) {
      // A circle has come round: each callback runs at most once for one action.
      if (predecessors.has(request.callback)) continue;
      if (request.initial) group.members.add(request.callback);
      const waiting = this.#waiting.find((call) => call.callback === request.callback);
      if (waiting) merge(waiting, request, predecessors);
      else this.#wait(request, predecessors, request.initial ? group : null);
    }
    this.#wake();
  }

  /**
   * @param {CallRequest} request
   * @param {Set<Callback>} predecessors
   * @param {Group | null} group
   */
  #wait({ callback, changed, initial }, predecessors, group) {
    /** @type {Call} */
    const call = {
      id: ++this.#lastId,
      callback,
      changed: new Set(changed),
      initial,
      group,
      predecessors: new Set(predecessors),
      loading: false,
      superseded: false,
      postedAt: 0,
      sent: {},
      successor: null,
      written: null,
      ignored: [],
    };
    // ANCHOR: outrun
    for (const older of this.#running) {
      if (older.callback !== callback) continue;
      // The answer of the older call will be ignored, whenever it comes.
      older.superseded = true;
      older.successor = call;
      call.loading = true;
      this.#running.delete(older);
      this.#tell(older, "dropped", { message: outrun });
    }
    // ANCHOR_END: outrun
    this.#waiting.push(call);
    this.#tell(call, "waiting");
  }

  /** Starts what can be started. */
  #step() {
    this.#scheduled = false;
    for (let again = true; again; ) {
      again = false;
      for (const call of this.#ready()) {
        if (isNeedless(call)) {
          this.#end(call, "dropped", { message: "None of its inputs was updated." });
          again = true;
        } else if (this.#running.size < limit) {
          again = !this.#launch(call) || again;
        }
      }
    }
    this.#progress();
  }

  /** The waiting calls that need not wait any longer: the initial ones by their priority, the others as they came. */
  #ready() {
    const pending = [...this.#waiting, ...this.#running];
    /** @param {Call} call */
    const blocked = (call) => pending.some((other) => this.#graph.waitsFor(call.callback, other.callback));
    let ready = this.#waiting.filter((call) => !blocked(call));
    if (ready.length === 0 && this.#running.size === 0) ready = this.#openCircles();
    /** @param {Call} call */
    const urgency = (call) => (call.initial ? this.#graph.priority(call.callback) : "");
    return ready.sort((a, b) => (urgency(a) < urgency(b) ? 1 : urgency(a) > urgency(b) ? -1 : 0));
  }

  /** All that waits is part of a circle, or behind one: the first call of each circle is started, and the others follow it. */
  #openCircles() {
    /** @type {Call[]} */
    const opened = [];
    /** @param {Call} call @param {Call} other */
    const waits = (call, other) => this.#graph.waitsFor(call.callback, other.callback);
    for (const call of this.#waiting) {
      const inCircle = this.#waiting.every((other) => !waits(call, other) || waits(other, call));
      if (inCircle && !opened.some((other) => waits(call, other))) opened.push(call);
    }
    if (opened.length === 0) opened.push(...this.#waiting.slice(0, 1));
    for (const call of this.#waiting) {
      for (const other of opened) if (call !== other && waits(call, other)) call.predecessors.add(other.callback);
    }
    return opened;
  }

  /**
   * Posts a call, with its arguments as they are now. Returns whether it is under way.
   *
   * @param {Call} call
   */
  #launch(call) {
    const { callback } = call;
    const prepared = this.#parts.prepare(callback, [...call.changed]);
    if (prepared.kind === "absent") {
      this.#end(call, "dropped", { message: "Its outputs or its inputs are not on the page." });
      return false;
    }
    if (prepared.kind === "problem") {
      this.#fail(call, prepared.message);
      return false;
    }
    this.#waiting = this.#waiting.filter((other) => other !== call);
    this.#running.add(call);
    call.loading = true;
    call.postedAt = this.#parts.now();
    call.sent = prepared.sent;
    this.#tell(call, "running");
    if (Object.keys(callback.running).length > 0) this.#write(call, callback.running);
    this.#parts.post(prepared.body, callback).then((answer) => this.#answered(call, answer));
    return true;
  }

  /**
   * @param {Call} call
   * @param {Answer} answer
   */
  #answered(call, { outcome, exchange }) {
    const ms = this.#parts.now() - call.postedAt;
    const { callback } = call;
    try {
      if (Object.keys(callback.runningOff).length > 0) this.#write(call, callback.runningOff);
      if (Object.keys(outcome.side).length > 0) this.#write(call, outcome.side);
      if (call.superseded) {
        const facts = { ...exchange, ms, message: outrun, values: outcome.kind === "values" ? flatten(outcome.values) : {} };
        this.#tell(call, "dropped", facts);
        if (outcome.kind === "values") this.#tellIgnored(call, Object.keys(flatten(outcome.values)), facts);
        return;
      }
      if (outcome.kind === "problem") {
        this.#fail(call, outcome.message, outcome.detail, { ...exchange, ms });
        return;
      }
      const values = outcome.kind === "values" ? outcome.values : {};
      if (outcome.kind === "values") this.#write(call, values);
      this.#end(call, "done", { ...exchange, ms, values: flatten(values) });
    } catch (error) {
      const detail = error instanceof Error ? error.stack : String(error);
      this.#fail(call, "The page could not show the callback's answer.", detail, { ...exchange, ms });
    } finally {
      this.#wake();
    }
  }

  /**
   * The answer of an overtaken call is ignored. If the newer call leaves alone what it would have written, nothing ever shows it:
   * then it is told, as soon as both are known.
   *
   * @param {Call} call
   * @param {string[]} keys
   * @param {Partial<CallDetail>} facts
   */
  #tellIgnored(call, keys, facts) {
    let newest = call;
    while (newest.successor) newest = newest.successor;
    if (newest.written === null) {
      newest.ignored.push({ call, keys, facts });
      return;
    }
    const lost = keys.filter((key) => !newest.written?.has(key));
    if (lost.length === 0) return;
    const message = `${outrun} That one left ${lost.join(" and ")} as it was, and this answer is not shown.`;
    this.#tell(call, "dropped", { ...facts, message, lost });
  }

  /** Looks at the waiting calls again, after this tick: what else changes in it belongs to the same calls. */
  #wake() {
    if (this.#waiting.length > 0 && !this.#scheduled) {
      this.#scheduled = true;
      this.#parts.schedule(() => this.#step());
    }
    this.#progress();
  }

  /**
   * Writes values into the page, and asks for the calls that this causes.
   *
   * @param {Call} call
   * @param {Values} values
   */
  #write(call, values) {
    const before = this.#cause;
    this.#cause = new Set([...call.predecessors, call.callback]);
    try {
      const { changed, added } = this.#parts.apply(values);
      this.#request([...this.#readers(changed), ...this.#graph.callsOfNewPart(added)], this.#cause);
      this.#parts.applied();
    } finally {
      this.#cause = before;
    }
  }

  /**
   * @param {Call} call
   * @param {string} message
   * @param {string} [detail]
   * @param {Partial<CallDetail>} [facts]
   */
  #fail(call, message, detail, facts) {
    this.#end(call, "failed", { ...facts, message });
    // A server that refuses the page itself refuses all its calls: that is one problem, however many there are.
    const source = facts?.status === 403 || facts?.status === 421 ? thisPage : call.callback.output;
    this.#parts.fail({ source, message, detail });
  }

  /**
   * @param {Call} call
   * @param {"done" | "dropped" | "failed"} state
   * @param {Partial<CallDetail>} facts
   */
  #end(call, state, facts) {
    this.#waiting = this.#waiting.filter((other) => other !== call);
    this.#running.delete(call);
    for (const { group } of this.#waiting) {
      if (!group?.members.has(call.callback)) continue;
      for (const { key } of call.callback.outputs) group.finished.add(key);
    }
    this.#tell(call, state, facts);
    call.written = new Set(Object.keys(facts.values ?? {}));
    for (const { call: older, keys, facts: known } of call.ignored.splice(0)) this.#tellIgnored(older, keys, known);
  }

  /**
   * @param {Call} call
   * @param {CallState} state
   * @param {Partial<CallDetail>} [facts]
   */
  #tell(call, state, facts = {}) {
    const { id, callback, changed, initial, sent } = call;
    const fixed = { id, state, at: this.#parts.now(), output: callback.output, inputs: [...changed], initial, sent };
    this.#parts.tell({ ...fixed, ...noExchange, ms: null, values: {}, ...facts });
  }

  #progress() {
    /** @type {Set<string>} */
    const loading = new Set();
    for (const call of [...this.#waiting, ...this.#running]) {
      if (call.loading) for (const { key } of call.callback.outputs) loading.add(key);
    }
    this.#parts.progress(this.#waiting.length > 0 || this.#running.size > 0, loading);
  }
}

/**
 * A further reason for a call that is still waiting: it is posted once, with all that changed.
 *
 * @param {Call} call
 * @param {CallRequest} request
 * @param {Set<Callback>} predecessors
 */
function merge(call, request, predecessors) {
  if (request.initial) return;
  const byUser = predecessors.size === 0 || (!call.initial && call.predecessors.size === 0);
  call.predecessors = byUser ? new Set() : new Set([...call.predecessors, ...predecessors]);
  for (const key of request.changed) call.changed.add(key);
  call.initial = false;
  call.group = null;
}

/** @param {Call} call */
function isNeedless({ initial, group, callback }) {
  return initial && group !== null && callback.inputs.length > 0 && callback.inputs.every(({ key }) => group.finished.has(key));
}

/** @param {Values} values */
function flatten(values) {
  return Object.fromEntries(
    Object.entries(values).flatMap(([id, props]) => Object.entries(props).map(([name, value]) => [`${id}.${name}`, value])),
  );
}
