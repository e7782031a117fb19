// What a patient observer knows: who asked what, which worker answered, and so which copy each worker must hold.
// Pure: entries in; lanes, copies, the place outside, steps of a drawing and warnings out. What was not seen stays unknown.

import { counted, laneName, quoted, same } from "./words.js";

/** @import { AnswerEntry, Asked, CallEntry, Copy, Entry, Lane, OrderEntry, Step, Warning } from "./types.d.ts" */

/** The most steps and calls that are kept. */
const kept = 300;

/** Everything that the stage has seen. */
export class StageModel {
  /** What each has written last, by key, and what the person's browser holds between two calls. @type {Map<string, { last: Map<string, Asked>, held: Copy | null }>} */
  people = new Map();
  /** @type {Lane[]} */
  lanes = [];
  /** What is kept outside the workers, by its key. @type {Map<string, Copy>} */
  places = new Map();
  /** @type {Map<string, Asked>} */
  calls = new Map();
  /** @type {Step[]} */
  steps = [];
  /** @type {Map<string, Warning>} */
  warnings = new Map();
  /** The data that the browser holds: how often it went up and came down, and how large it was last. */
  trips = { up: 0, down: 0, bytes: 0 };
  lost = 0;
  /** How many updates began with each value. @type {Map<string, number>} */
  #bases = new Map();
  #shared;
  #events = 0;

  /**
   * @param {{ kind: string, key?: string } | null} operation
   * @param {number} workers how many there are: each has a lane, also if it was never heard of
   */
  constructor(operation, workers) {
    this.#shared = operation?.kind === "swap" && operation.key === undefined;
    for (let worker = 1; worker <= workers; worker += 1) this.#open(worker, 1, 0);
  }

  /** @param {Entry} entry */
  take(entry) {
    if (entry.kind === "call") this.#asked(entry);
    else if (entry.kind === "answer") this.#answered(entry);
    else this.#ordered(entry);
    this.steps.splice(0, this.steps.length - kept);
    for (const [id] of this.calls) {
      if (this.calls.size <= kept) break;
      this.calls.delete(id);
    }
  }

  /** The lanes that live. */
  living() {
    return this.lanes.filter((lane) => lane.ended === null);
  }

  /** Calls that have waited for longer than a moment. @param {number} now */
  waiting(now) {
    return [...this.calls.values()].filter((call) => call.answer === null && now - call.at > 1500);
  }

  /** @param {CallEntry} entry */
  #asked(entry) {
    const { person, key, role, write } = entry;
    const known = this.people.get(person) ?? { last: new Map(), held: null };
    this.people.set(person, known);
    const before = known.last.get(key) ?? null;
    /** @type {Asked} */
    const call = { ...entry, event: 0, answer: null, answered: 0, before, left: write, why: "", foreign: false };
    // What a call remembers of the one before it, that one need not remember any more: the chain would never end.
    if (before) before.before = null;
    if (role === "swap") known.last.set(key, call);
    this.calls.set(call.call, call);
    const what = { swap: `writes ${quoted(write)}`, put: `stores ${quoted(write)}`, get: "asks with what the browser holds", add: `adds to ${quoted(entry.base)}`, compute: `asks for ${quoted(key)}`, other: `asks for ${entry.outputs.join(", ")}` };
    call.event = this.#step("call", { call }, `${person} ${what[role]}.`);
  }

  /** @param {AnswerEntry} answer */
  #answered(answer) {
    const call = this.calls.get(answer.call);
    if (!call || call.answer) return;
    call.answer = answer;
    const lane = answer.worker === null ? null : this.#meet(answer.worker, answer.life, answer.at);
    if (lane) lane.known ||= this.#events + 1;
    const { sentence, warn } = answer.ok ? this.#understand(call, answer, lane) : { sentence: answer.message ?? "The callback failed.", warn: null };
    const by = lane ? `${capital(laneName(lane))} answers ${call.person}: ` : "";
    call.answered = this.#step("answer", { call, lane: lane ?? undefined }, by + sentence + (answer.shown || !answer.ok ? "" : " The page ignores it, because a newer call has overtaken it."));
    if (warn) this.#warn({ ...warn, event: call.answered });
  }

  /**
   * What an answer says about the data.
   *
   * @param {Asked} call
   * @param {AnswerEntry} answer
   * @param {Lane | null} lane
   * @returns {{ sentence: string, warn: Omit<Warning, "event" | "count"> | null }}
   */
  #understand(call, answer, lane) {
    const { role, key } = call;
    if (role === "swap" && lane) return this.#swapped(call, answer, lane);
    if (role === "put" || role === "add") {
      this.trips = { ...this.trips, down: this.trips.down + 1, bytes: JSON.stringify(answer.held ?? null).length };
      const person = this.people.get(call.person);
      if (person) person.held = copyOf(answer.held, call, answer.at, lane);
      if (role === "add") return this.#added(call, answer);
      return { sentence: `the browser now holds ${quoted(answer.held)}.`, warn: this.#travelled() };
    }
    if (role === "get") {
      this.trips = { ...this.trips, up: this.trips.up + 1 };
      return { sentence: `it was sent ${quoted(call.base)}, and shows ${quoted(answer.read)}.`, warn: this.#travelled() };
    }
    if (role === "compute") {
      const [, origin = "", by = "", age = "0"] = /^(\w+):(?:.*computed by (?:worker )?(\d+))?(?:.*?([\d.]+) s ago)?/.exec(answer.origin ?? "") ?? [];
      const entry = { ...copyOf(answer.read, call, answer.at, lane), worker: by === "" ? null : Number(by), computedAt: answer.at - Number(age) * 1000 };
      this.places.set(key, entry);
      const meaning = { hit: `found the result that worker ${by} computed.`, miss: "computed the result.", wait: `waited for worker ${by}, which computed it already.` };
      return { sentence: meaning[/** @type {keyof typeof meaning} */ (origin)] ?? `the result is ${quoted(answer.read)}.`, warn: null };
    }
    return { sentence: "done; it kept nothing.", warn: null };
  }

  /**
   * One step read what the place held, and put the write there.
   *
   * @param {Asked} call
   * @param {AnswerEntry} answer
   * @param {Lane} lane
   */
  #swapped(call, answer, lane) {
    const cell = (this.#shared ? lane.copy : this.places.get(call.key)) ?? null;
    const { foreign, passed } = this.#compare(cell, call, answer);
    call.foreign = foreign;
    const kept = parsed(answer.kept);
    call.left = answer.kept === undefined ? call.write : kept?.value;
    if (!passed) {
      const next = { ...copyOf(call.left, call, answer.at, lane), passed: cell?.passed ?? new Set(), title: typeof answer.place === "string" ? answer.place : undefined };
      if (this.#shared) lane.copy = next;
      else this.places.set(call.key, next);
    } else if (cell) cell.at = answer.at;
    const where = this.#shared ? "it" : "the session";
    const off = foreign ? " Somebody off stage wrote that." : "";
    const sentence = `${where} held ${quoted(answer.read)}, and now holds ${quoted(call.left)}.${off}`;
    call.why = this.#doubt(call, answer, lane);
    return { sentence, warn: this.#judge(call, answer, lane) };
  }

  /**
   * Whether a read contradicts what was seen. An answer may come before that of the call which it overtook.
   *
   * @param {Copy | null} cell
   * @param {Asked} call
   * @param {AnswerEntry} answer
   */
  #compare(cell, call, answer) {
    if (!cell) return { foreign: false, passed: false };
    if (cell.passed.delete(call.call)) return { foreign: false, passed: true };
    if (same(cell.value, answer.read)) return { foreign: false, passed: false };
    const between = [...this.calls.values()].find((other) => other.answer === null && other.key === call.key && other.role === "swap" && same(other.write, answer.read));
    if (between) cell.passed.add(between.call);
    return { foreign: !between, passed: false };
  }

  /**
   * Why the answer is not what the person wrote last, in words; empty if it is, or if nobody can say.
   *
   * @param {Asked} call
   * @param {AnswerEntry} answer
   * @param {Lane} lane
   */
  #doubt(call, answer, lane) {
    const last = call.before;
    if (!last || same(last.left, answer.read)) return "";
    const at = last.answer?.worker;
    const where = at ? `worker ${at} has` : "another answer will have";
    const held = this.#shared ? `worker ${lane.worker} held ${quoted(answer.read)}` : `the session held ${quoted(answer.read)}`;
    const writer = this.#writerOf(answer.read, call);
    if (writer && writer.person !== call.person) return `${held}, which ${writer.person} wrote after ${quoted(last.left)}`;
    if (at === lane.worker && last.answer?.life !== lane.life) return `${held}: it is new, and what its predecessor held is gone`;
    return `${held}: ${where} ${quoted(last.left)}, which ${call.person} wrote last`;
  }

  /**
   * @param {Asked} call
   * @param {AnswerEntry} answer
   * @param {Lane} lane
   */
  #judge(call, answer, lane) {
    const writer = this.#writerOf(answer.read, call);
    if (writer && writer.person !== call.person) {
      const text = `${call.person} read ${quoted(answer.read)}, which ${writer.person} wrote: who shares ${this.#shared ? `worker ${lane.worker}` : "a session"} shares its data.`;
      return { kind: "another", text, chapter: "sharing.html" };
    }
    if (call.foreign) return { kind: "foreign", text: `${capital(laneName(lane))} read ${quoted(answer.read)}, which nobody here wrote: somebody off stage did.`, chapter: "sharing.html" };
    if (call.why === "") return null;
    return { kind: "stale", text: `This answer is older than ${call.person}’s last write: ${call.why}.`, chapter: "global-variable.html" };
  }

  /** The latest call before this one that wrote a value. @param {any} value @param {Asked} reader */
  #writerOf(value, reader) {
    if (value === null || value === undefined) return undefined;
    return [...this.calls.values()].reverse().find((call) => call !== reader && call.role === "swap" && call.key === reader.key && same(call.left, value));
  }

  /** @param {Asked} call @param {AnswerEntry} answer */
  #added(call, answer) {
    const base = `${call.key}\n${JSON.stringify(call.base ?? null)}`;
    const times = (this.#bases.get(base) ?? 0) + 1;
    this.#bases.set(base, times);
    const sentence = `it was sent ${quoted(call.base)}, and made ${quoted(answer.held)} of it.`;
    if (times === 1) return { sentence, warn: this.#travelled() };
    this.lost += 1;
    const text = `This read-modify-write was overtaken: ${counted(times, "update")} began with ${quoted(call.base)}, and one survives. ${counted(this.lost, "update")} lost.`;
    return { sentence, warn: { kind: "lost", text, chapter: "option2.html" } };
  }

  #travelled() {
    const { up, down, bytes } = this.trips;
    if (down === 0) return null;
    const text = `This value came down ${counted(down, "time")} and went up ${counted(up, "time")}: ${counted(bytes, "byte")} the last time. No worker keeps it.`;
    return { kind: "trips", text, chapter: "option2.html" };
  }

  /** @param {OrderEntry} entry */
  #ordered({ kind, worker, life, at, seconds = 0 }) {
    const lane = this.#meet(worker, life, at);
    if (!lane || kind === "page") return;
    if (kind === "kill") {
      const had = this.#shared && lane.copy ? ` Its copy, ${quoted(lane.copy.value)}, is gone.` : this.#shared ? "" : " It kept nothing that is lost.";
      lane.ended = this.#step(kind, { lane }, `${capital(laneName(lane))} is killed.${had}`);
      this.#open(worker, life + 1, lane.ended);
    } else {
      lane.pausedUntil = at + seconds * 1000;
      this.#step(kind, { lane }, `${capital(laneName(lane))} stands still for ${seconds} s. Calls that it has accepted wait.`);
    }
  }

  /**
   * The lane of a worker that was heard of. A later life ends the one before it.
   *
   * @param {number} worker
   * @param {number} life
   * @param {number} at
   * @returns {Lane | null} null if it is known to have ended
   */
  #meet(worker, life, at) {
    const lanes = this.lanes.filter((lane) => lane.worker === worker);
    let lane = lanes.find((lane) => lane.life === life);
    if (!lane) {
      if (lanes.some((lane) => lane.life > life)) return null;
      const last = lanes.at(-1);
      if (last && last.heard === null) {
        // Nobody had heard of the one that had its place.
        last.life = life;
        lane = last;
      } else {
        if (last) last.ended ??= this.#events;
        lane = this.#open(worker, life, last ? this.#events : 0);
      }
    }
    lane.heard = at;
    return lane;
  }

  /** @param {number} worker @param {number} life @param {number} since */
  #open(worker, life, since) {
    /** @type {Lane} */
    const lane = { worker, life, copy: null, heard: null, known: 0, ended: null, pausedUntil: 0, since };
    this.lanes.push(lane);
    this.lanes.sort((a, b) => a.worker - b.worker || a.life - b.life);
    return lane;
  }

  /**
   * @param {Entry["kind"]} kind
   * @param {Partial<Step>} about
   * @param {string} sentence
   */
  #step(kind, about, sentence) {
    const event = (this.#events += 1);
    this.steps.push({ event, kind, ...about, sentence });
    return event;
  }

  /** @param {Omit<Warning, "count">} warning */
  #warn(warning) {
    // What is no fault counts by itself.
    const count = warning.kind === "trips" ? 1 : (this.warnings.get(warning.kind)?.count ?? 0) + 1;
    this.warnings.delete(warning.kind);
    this.warnings.set(warning.kind, { ...warning, count });
  }
}

/**
 * @param {any} value
 * @param {Asked} call
 * @param {number} at
 * @param {Lane | null} lane
 * @returns {Copy}
 */
function copyOf(value, call, at, lane) {
  return { value, person: call.person, call: call.call, at, passed: new Set(), worker: lane?.worker ?? null };
}

/** What a place shows of itself, if that is JSON. @param {any} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
