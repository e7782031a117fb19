// The dependency graph: which callbacks a change triggers, and what a callback has to wait for.
// All of it is pure: no document, no network, no clock.

/** @import { Argument, Callback, CallRequest, Dependency, DependencyArgument, Problem, Props, Values } from "./types.d.ts" */

/**
 * Reads the server's list of dependencies.
 * A callback of a kind that this client does not know is left out and becomes a problem in words.
 *
 * @param {Dependency[]} dependencies
 * @returns {{ callbacks: Callback[], problems: Problem[] }}
 */
export function readDependencies(dependencies) {
  /** @type {Callback[]} */
  const callbacks = [];
  /** @type {Problem[]} */
  const problems = [];
  for (const dependency of dependencies) {
    const unknown = unknownKind(dependency);
    if (unknown) {
      problems.push({ source: dependency.output, message: `This client cannot run the callback, because it ${unknown}.` });
    } else {
      callbacks.push(readCallback(dependency));
    }
  }
  return { callbacks, problems };
}

/** @param {Dependency} dependency */
function unknownKind(dependency) {
  if (dependency.clientside_function) return "is a client-side function";
  if (dependency.background) return "is a background callback";
  if (dependency.websocket) return "needs a web socket";
  const ids = [dependency.output, ...[...dependency.inputs, ...dependency.state].map((argument) => argument.id)];
  return ids.some((id) => typeof id !== "string" || id.includes("{")) ? "has a pattern-matching id" : null;
}

/**
 * @param {Dependency} dependency
 * @returns {Callback}
 */
function readCallback(dependency) {
  const { output, running } = dependency;
  const multi = output.startsWith("..");
  const names = dependency.no_output ? [] : multi ? output.slice(2, -2).split("...") : [output];
  return {
    output,
    multi,
    outputs: names.map(readOutput),
    inputs: dependency.inputs.map(readArgument),
    state: dependency.state.map(readArgument),
    preventInitialCall: Boolean(dependency.prevent_initial_call),
    running: groupById(running?.running ?? {}),
    runningOff: groupById(running?.runningOff ?? {}),
  };
}

/**
 * @param {string} name
 * @returns {Argument}
 */
function readOutput(name) {
  const dot = name.lastIndexOf(".");
  return readArgument({ id: name.slice(0, dot), property: name.slice(dot + 1) });
}

/**
 * @param {DependencyArgument} argument
 * @returns {Argument}
 */
function readArgument({ id, property, allow_optional = false }) {
  return { id, property, key: `${id}.${property.split("@")[0]}`, optional: allow_optional };
}

/**
 * @param {Props} byKey values by `id.property`
 * @returns {Values}
 */
function groupById(byKey) {
  /** @type {Values} */
  const values = {};
  for (const [key, value] of Object.entries(byKey)) {
    const { id, property } = readOutput(key);
    (values[id] ??= {})[property] = value;
  }
  return values;
}

/** The callbacks of an app and how they depend on each other. */
export class DependencyGraph {
  /** @type {Map<string, Callback[]>} callbacks by the key of an input */
  #readers = new Map();
  /** @type {Map<string, Callback[]>} callbacks by the id of an output */
  #writers = new Map();
  /** @type {Map<string, string[]>} keys of inputs by id */
  #inputKeys = new Map();
  /** @type {Map<Callback, Set<string>>} */
  #downstream = new Map();
  /** @type {Map<Callback, string>} */
  #priorities = new Map();

  /** @param {Callback[]} callbacks */
  constructor(callbacks) {
    this.callbacks = callbacks;
    for (const callback of callbacks) {
      for (const { id, key } of callback.inputs) {
        addTo(this.#readers, key, callback);
        addTo(this.#inputKeys, id, key);
      }
      for (const { id } of callback.outputs) addTo(this.#writers, id, callback);
    }
  }

  /**
   * The callbacks that have the property as an Input.
   *
   * @param {string} key
   */
  readersOf(key) {
    return this.#readers.get(key) ?? [];
  }

  /**
   * Every property that may still change because of a call of this callback: its outputs,
   * and the outputs of all callbacks further down.
   *
   * @param {Callback} callback
   */
  downstream(callback) {
    let keys = this.#downstream.get(callback);
    if (!keys) {
      keys = new Set(callback.outputs.map((output) => output.key));
      // A set may grow while it is being walked: this visits what is added, too.
      for (const key of keys) {
        for (const reader of this.readersOf(key)) {
          for (const output of reader.outputs) keys.add(output.key);
        }
      }
      this.#downstream.set(callback, keys);
    }
    return keys;
  }

  /**
   * Whether `callback` has to wait for `pending`: one of its Inputs may still be changed by it.
   * State never holds a callback back, and neither does an Input that is its own output.
   *
   * @param {Callback} callback
   * @param {Callback} pending
   */
  waitsFor(callback, pending) {
    if (callback === pending) return false;
    const keys = this.downstream(pending);
    return callback.inputs.some(({ key }) => keys.has(key) && !callback.outputs.some((output) => output.key === key));
  }

  /**
   * Those with the longest chain behind them go first: the depth of the chain, then the number of callbacks
   * on each level, one digit each. A greater string goes first.
   *
   * @param {Callback} callback
   */
  priority(callback) {
    let priority = this.#priorities.get(callback);
    if (priority === undefined) {
      /** @type {number[]} */
      const levels = [];
      const seen = new Set();
      for (let level = [callback]; level.length > 0; ) {
        const fresh = level.flatMap((reader) => reader.outputs.map((output) => output.key)).filter((key) => !seen.has(key));
        for (const key of fresh) seen.add(key);
        level = fresh.flatMap((key) => this.readersOf(key));
        if (level.length > 0) levels.push(level.length);
      }
      priority = [levels.length, ...levels].map((count) => Math.min(count, 35).toString(36)).join("");
      this.#priorities.set(callback, priority);
    }
    return priority;
  }

  /**
   * The callbacks to call when the page is opened, in the order of their outputs in the layout.
   *
   * @param {string[]} ids all ids of the layout, in its order
   * @param {string[]} [done] outputs of the callbacks that the server has called already
   * @returns {Callback[]}
   */
  initialCallbacks(ids, done = []) {
    const present = new Set(ids);
    /** @type {Set<Callback>} */
    const found = new Set();
    for (const id of ids) {
      for (const callback of this.#writers.get(id) ?? []) {
        if (callback.inputs.length > 0) found.add(callback);
      }
    }
    for (const callback of this.callbacks) {
      const inputs = callback.inputs;
      const calledOnce = inputs.length === 0 && callback.outputs.some((output) => present.has(output.id));
      const outputless = callback.outputs.length === 0 && (inputs.length === 0 || inputs.some(({ id }) => present.has(id)));
      if (calledOnce || outputless) found.add(callback);
    }
    const wanted = [...found].filter((callback) => !callback.preventInitialCall);
    return withoutUnreachable(wanted, present).filter((callback) => !done.includes(callback.output));
  }

  /**
   * The calls that a new part of the layout causes: initial ones for outputs inside of it, and
   * calls for its inputs if the output is elsewhere, even if the callback's initial call is prevented.
   *
   * @param {string[]} ids the ids of the new part, in its order
   * @returns {CallRequest[]}
   */
  callsOfNewPart(ids) {
    const inside = new Set(ids);
    /** @type {Map<Callback, CallRequest>} */
    const requests = new Map();
    /** @param {Callback} callback @param {string[]} changed */
    const add = (callback, changed) => {
      const request = requests.get(callback) ?? { callback, changed: [], initial: true };
      request.changed.push(...changed);
      request.initial = request.changed.length === 0;
      requests.set(callback, request);
    };
    for (const id of ids) {
      for (const callback of this.#writers.get(id) ?? []) {
        if (!callback.preventInitialCall) add(callback, []);
      }
      for (const key of new Set(this.#inputKeys.get(id))) {
        for (const callback of this.readersOf(key)) {
          if (!callback.outputs.every((output) => inside.has(output.id))) add(callback, [key]);
        }
      }
    }
    return [...requests.values()];
  }
}

/**
 * Leaves out the callbacks that have no input in the layout, and, over and over,
 * those whose inputs are only outputs of callbacks left out.
 *
 * @param {Callback[]} callbacks
 * @param {Set<string>} present
 */
function withoutUnreachable(callbacks, present) {
  /** @type {Set<string>} */
  const unreachable = new Set();
  let kept = callbacks;
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    kept = kept.filter(({ inputs, outputs }) => {
      const reachable =
        inputs.length === 0 || inputs.some(({ id, key, optional }) => optional || (present.has(id) && !unreachable.has(key)));
      if (!reachable) for (const { key } of outputs) unreachable.add(key);
      return reachable;
    });
  }
  return kept;
}

/**
 * @template K, V
 * @param {Map<K, V[]>} map
 * @param {K} key
 * @param {V} value
 */
function addTo(map, key, value) {
  const values = map.get(key);
  if (!values) map.set(key, [value]);
  else if (!values.includes(value)) values.push(value);
}
