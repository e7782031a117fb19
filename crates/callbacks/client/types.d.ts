// The shapes that cross the wire, the page's events, and what the client's parts expect of each other.
// Only read by the type checker: nothing of this file is served.

import type { Operation, Server } from "./stage/types.d.ts";

/** A component as the server sends it. Its `props` are the client's only copy of the layout: a change is written into them. */
export interface Component {
  namespace: string;
  type: string;
  props: Props;
}

export type Props = Record<string, any>;

/** What `children` may hold. A list within a list is an error. */
export type Child = string | number | boolean | null | undefined | Component;
export type Children = Child | Child[];

/** New values by component id, then by property. */
export type Values = Record<string, Props>;

/** One entry of `_dash-dependencies`. Only the first three keys are always there. */
export interface Dependency {
  output: string;
  inputs: DependencyArgument[];
  state: DependencyArgument[];
  prevent_initial_call?: boolean | null;
  no_output?: boolean | null;
  clientside_function?: unknown;
  background?: unknown;
  websocket?: unknown;
  running?: { running?: Props; runningOff?: Props } | null;
}

export interface DependencyArgument {
  id: string;
  property: string;
  allow_optional?: boolean;
}

/** A property that a callback reads or writes. */
export interface Argument {
  id: string;
  /** As declared, with a duplicate output's `@suffix`. */
  property: string;
  /** `id.property` without a suffix: the name of the property everywhere in the client. */
  key: string;
  optional: boolean;
}

/** A callback of the app, as read from the dependencies. */
export interface Callback {
  output: string;
  /** Whether `outputs` is sent as a list. */
  multi: boolean;
  outputs: Argument[];
  inputs: Argument[];
  state: Argument[];
  preventInitialCall: boolean;
  running: Values;
  runningOff: Values;
}

/** A message for the person at the page. `source` names where it comes from: each has one entry in the error panel. */
export interface Problem {
  source: string;
  message: string;
  detail?: string;
}

/** A reason to call a callback. */
export interface CallRequest {
  callback: Callback;
  /** The properties that changed; empty for an initial call. */
  changed: string[];
  initial: boolean;
}

/** The outcome of looking up a callback's arguments in the layout. */
export type CallBody =
  | { kind: "ready"; body: string; sent: Props }
  | { kind: "absent" }
  | { kind: "problem"; message: string };

/** What the server made of a call. */
export type Outcome =
  | { kind: "values"; values: Values; side: Values }
  | { kind: "nothing"; side: Values }
  | { kind: "problem"; message: string; detail?: string; side: Values };

/** What is known of the exchange itself. */
export interface Exchange {
  status: number | null;
  worker: string | null;
  life: string | null;
  callbackMs: number | null;
  cache: string | null;
  bytesUp: number;
  bytesDown: number;
}

export interface Answer {
  outcome: Outcome;
  exchange: Exchange;
}

export type CallState = "waiting" | "running" | "done" | "dropped" | "failed";

/** `_dash-config`: Dash's keys, and ours under `callbacks`. */
export interface Config {
  requests_pathname_prefix?: string;
  url_base_pathname?: string | null;
  update_title?: string | null;
  csrf_token_name?: string;
  csrf_header_name?: string;
  end_id?: string;
  /** How often a page that reloads itself asks, in milliseconds. */
  hot_reload?: { interval: number; max_retry: number };
  callbacks?: {
    /** Who makes the initial calls. */
    initial_calls?: "browser" | "server";
    /** Outputs of the callbacks that the server has run already; their values are in the layout. */
    done?: string[];
    /** What a call does to the data: `kind`, and properties as `id.property`. */
    operation?: Operation;
    /** What the stage is told; without it the page has none. */
    stage?: Server;
    /** Whether the server sends the details of failures. */
    debug?: boolean;
    /** Where plotly.js is. */
    plotly?: string | null;
    /** Where the files of those components are that only some pages have, by type. */
    components?: Record<string, string>;
    /** The answer of `_reload-hash` when the page was written. */
    reload?: ReloadAnswer;
  };
}

/** What `_reload-hash` answers. The `error`, a build that failed, is ours. */
export interface ReloadAnswer {
  reloadHash: string | null;
  hard: boolean;
  files: { url: string; modified: number; is_css: boolean }[];
  packages: string[];
  error?: { message: string; detail: string };
}

// Events. All of them are dispatched on `document`; every `at` and `ms` is in milliseconds, every `at` since the navigation began.

/** `callbacks:page`: the page has arrived. */
export interface PageDetail {
  at: number;
  /** The number of the worker that served the page, from `Server-Timing: worker`. */
  worker: string | null;
  /** Which of the workers with that number it is. */
  life: string | null;
  /** Outputs of the callbacks that the server ran while it built the page. */
  serverCalls: string[];
  initialCalls: "browser" | "server";
}

/** `callbacks:rendered`: the layout has been drawn. */
export interface RenderedDetail {
  at: number;
}

/** `callbacks:call`: a call changed its state. A dropped call that was under way has one more event when its answer arrives. */
export interface CallDetail {
  /** 1, 2, …: the same for all states of one call. */
  id: number;
  state: CallState;
  at: number;
  /** The callback, by its `output` in the dependencies. */
  output: string;
  /** The properties whose change triggered the call; empty for an initial call. */
  inputs: string[];
  initial: boolean;
  /** The values that it was posted with, by `id.property`; empty until then. They are the layout's own: read them, do not change them. */
  sent: Props;
  /** The worker that answered, from `X-Worker`. */
  worker: string | null;
  /** Which of the workers with that number it is, from `Server-Timing: life`: 2 is the replacement of the first. */
  life: string | null;
  /** Time in the callback itself, from `Server-Timing: callback;dur`. */
  callbackMs: number | null;
  /** `hit` or `miss`, from `Server-Timing: cache;desc`. */
  cache: string | null;
  /** From the post to the answer. */
  ms: number | null;
  bytesUp: number;
  bytesDown: number;
  status: number | null;
  /** The new values by `id.property`; those that a dropped call's answer had are not shown. They are the layout's own: read them, do not change them. */
  values: Props;
  /** Why a call was dropped or failed, in words. */
  message?: string;
  /** What a dropped call's answer had for properties that the newer call left alone: nothing on the page shows it. */
  lost?: string[];
}

declare global {
  interface DocumentEventMap {
    "callbacks:page": CustomEvent<PageDetail>;
    "callbacks:rendered": CustomEvent<RenderedDetail>;
    "callbacks:call": CustomEvent<CallDetail>;
  }
  interface Window {
    /** plotly.js, once it is loaded. */
    Plotly?: any;
  }
}

// What the parts of the client are given by main.js.

/** What the queue of calls needs of the world. */
export interface QueueParts {
  /** Reads the arguments of a callback now. */
  prepare(callback: Callback, changed: string[]): CallBody;
  /** Posts a body. Never rejects. */
  post(body: string, callback: Callback): Promise<Answer>;
  /** Writes values into the layout and the page. */
  apply(values: Values): { changed: string[]; added: string[] };
  /** Runs what components do after their change has been told. */
  applied(): void;
  /** Runs the function after everything that happens in this tick. */
  schedule(run: () => void): void;
  now(): number;
  tell(detail: CallDetail): void;
  fail(problem: Problem): void;
  /** Called after every step, with the outputs that are being computed. */
  progress(pending: boolean, loading: Set<string>): void;
}

/** What a component is given. */
export interface Context {
  /** The component's props at this moment. */
  readonly props: Props;
  readonly id: string | undefined;
  /** The component's own change: stored, and told to the callbacks that read it. */
  set(props: Props): unknown;
  /** `component#id: message`, in the error panel. */
  fail(message: string): void;
  /** What failed works again: takes the sentence back. */
  recover(): void;
  /** Keeps the page busy until the work is done. */
  hold(work: Promise<unknown>): void;
  /** Tells whenever the set of outputs being computed has changed. Returns the function that ends it. */
  watch(listener: (loading: Set<string>) => void): () => void;
  readonly plotly: string | null;
}

/** A component on the page. */
export interface View {
  node: Element | Text;
  /** Where the children go, if it has any. */
  slot?: Element;
  /** Some props were changed by an answer. */
  update?(changed: Set<string>): void;
  /** The change has been told to the callbacks; `null` at first. What a component sets by itself, it sets here. */
  after?(changed: Set<string> | null): void;
  remove?(): void;
}

export type Create = (context: Context) => View;
