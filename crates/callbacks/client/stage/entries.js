// What the stage knows of: calls, answers and orders, read from the page's events by what the app's operation says of them.
// Pure. Times are milliseconds since 1970, so that windows can share them.

/** @import { CallDetail } from "../types.d.ts" */
/** @import { Entry, Operation, Role } from "./types.d.ts" */

/**
 * What a call does to the data.
 *
 * @param {Operation | null} operation
 * @param {string[]} outputs
 * @param {Record<string, any>} sent
 * @returns {Role}
 */
function roleOf(operation, outputs, sent) {
  if (!operation) return "other";
  const { kind, held, read } = operation;
  if (held !== undefined && outputs.includes(held)) return kind === "add" ? "add" : "put";
  if (held !== undefined) return outputs.includes(read) && held in sent ? "get" : "other";
  // A page may offer the same to several buttons: what makes a call one of the operation is what it sends.
  const told = [operation.key, operation.write].every((name) => name === undefined || name in sent);
  return told && (kind === "compute" || outputs.includes(read)) ? /** @type {Role} */ (kind) : "other";
}

/**
 * The properties that a callback writes, by its `output` in the dependencies.
 *
 * @param {string} output
 */
export function outputsOf(output) {
  const names = output.startsWith("..") ? output.slice(2, -2).split("...") : [output];
  return names.map((name) => name.split("@")[0]);
}

/** Reads the events of one page. */
export class EntryReader {
  #operation;
  #page;
  #person;
  #origin;

  /**
   * @param {Operation | null} operation
   * @param {string} page a name that no other window has
   * @param {string} person
   * @param {number} origin when the page's own clock began
   */
  constructor(operation, page, person, origin) {
    this.#operation = operation;
    this.#page = page;
    this.#person = person;
    this.#origin = origin;
  }

  /**
   * The entry of an event; null for a state that the stage does not show.
   *
   * @param {CallDetail} detail
   * @returns {Entry | null}
   */
  read(detail) {
    const call = `${this.#page}:${detail.id}`;
    const at = this.#origin + detail.at;
    if (detail.state === "running") return { kind: "call", call, at, person: this.#person, number: detail.id, ...this.#asked(detail) };
    if (detail.ms === null || detail.state === "waiting") return null;
    return { kind: "answer", call, at, ...this.#answered(detail) };
  }

  /** @param {CallDetail} detail */
  #asked({ output, sent, inputs }) {
    const operation = this.#operation;
    const outputs = outputsOf(output);
    /** @param {string | undefined} name */
    const value = (name) => (name === undefined ? undefined : sent[name]);
    const role = roleOf(operation, outputs, sent);
    const base = role === "add" || role === "get" ? value(operation?.held) : undefined;
    return { role, outputs, cause: inputs, key: value(operation?.key) ?? "", write: value(operation?.write), base };
  }

  /** @param {CallDetail} detail */
  #answered({ worker, life, status, values, state, message, callbackMs, ms, bytesUp, bytesDown, output }) {
    const operation = this.#operation;
    /** @param {string | undefined} name */
    const value = (name) => (name === undefined ? undefined : values[name]);
    const outputs = outputsOf(output);
    // `compute` may be asked for by several callbacks, of which the operation names the first: the others have the same order of outputs.
    const named = operation !== null && outputs.includes(operation.read);
    const [read, origin] = named || operation?.kind !== "compute" ? [value(operation?.read), value(operation?.origin)] : outputs.map(value);
    return {
      worker: worker === null ? null : Number(worker),
      life: Number(life ?? 1),
      ok: status !== null && status < 300,
      read,
      origin: typeof origin === "string" ? origin : undefined,
      held: value(operation?.held),
      place: value(operation?.place),
      kept: value(operation?.kept),
      shown: state === "done",
      message,
      ms: ms ?? 0,
      callbackMs,
      bytesUp,
      bytesDown,
    };
  }
}
