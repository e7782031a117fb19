// The shapes of the stage. Only read by the type checker: nothing of this file is served.

/** What a call does to the app's data, as the registry of the lessons says: properties as `id.property`. */
export interface Operation {
  kind: string;
  key?: string;
  write?: string;
  /** Where the browser holds the data between two callbacks. */
  held?: string;
  read: string;
  /** The output that begins with `miss`, `wait` or `hit`. */
  origin?: string;
  /** The output that names the place outside the workers, and the one that has what it holds. */
  place?: string;
  kept?: string;
}

/** What the server tells the stage, in `_dash-config`. */
export interface Server {
  /** Where the stage itself is, and its style sheet. */
  script: string;
  style: string;
  workers: number;
  /** Whether workers may be killed and paused from here. */
  orders: boolean;
  /** The command that started it: without the number of workers, and what follows that. */
  command?: string;
  options?: string;
  keep_alive?: boolean;
  next?: string | null;
  place?: string;
  kept?: string;
  /** For how many seconds a computed value is kept. */
  ttl?: number;
}

/** `swap`, `compute`: asked and answered by one call. `put` and `get`, `add`: the browser holds the data meanwhile. */
export type Role = "swap" | "put" | "get" | "add" | "compute" | "other";

export interface CallEntry {
  kind: "call";
  call: string;
  at: number;
  person: string;
  /** The page's own number of the call. */
  number: number;
  role: Role;
  outputs: string[];
  cause: string[];
  key: string;
  write: any;
  /** What an update began with. */
  base: any;
}

export interface AnswerEntry {
  kind: "answer";
  call: string;
  at: number;
  worker: number | null;
  life: number;
  /** Whether the callback ran to its end. */
  ok: boolean;
  read: any;
  origin?: string;
  held: any;
  place: any;
  kept: any;
  /** Whether the page took it: an overtaken call's answer is not shown. */
  shown: boolean;
  message?: string;
  ms: number;
  callbackMs: number | null;
  bytesUp: number;
  bytesDown: number;
}

/** A worker was told to end, or to stand still, or was seen to answer for a page. */
export interface OrderEntry {
  kind: "kill" | "pause" | "page";
  at: number;
  worker: number;
  life: number;
  seconds?: number;
}

export type Entry = CallEntry | AnswerEntry | OrderEntry;

/** A value somewhere, as far as the stage has seen. */
export interface Copy {
  value: any;
  /** Who wrote it; null if that was off stage. */
  person: string | null;
  /** The call that wrote it, if it is known. */
  call: string | null;
  /** When it was last seen. */
  at: number;
  /** Calls whose write another answer has already shown to be overwritten. */
  passed: Set<string>;
  /** What the place calls itself, and which worker wrote there last. */
  title?: string;
  worker?: number | null;
  computedAt?: number;
}

/** A worker in one of its lives. */
export interface Lane {
  worker: number;
  life: number;
  copy: Copy | null;
  heard: number | null;
  /** The event with which it was first seen to answer. */
  known: number;
  /** The event with which it ended. */
  ended: number | null;
  pausedUntil: number;
  /** The event with which it began; the first ones were there before. */
  since: number;
}

/** A call and all that became of it. */
export interface Asked extends CallEntry {
  event: number;
  answer: AnswerEntry | null;
  answered: number;
  /** What the person wrote before, and what that left behind. */
  before: Asked | null;
  left: any;
  /** Why the answer is not what the person last wrote; empty if it is. */
  why: string;
  /** Somebody off stage wrote what was read. */
  foreign: boolean;
}

/** One step of the drawing. */
export interface Step {
  event: number;
  kind: Entry["kind"];
  call?: Asked;
  lane?: Lane;
  sentence: string;
}

export interface Warning {
  kind: string;
  count: number;
  text: string;
  chapter: string;
  event: number;
}
