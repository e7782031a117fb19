// Be the kernel: two people type into the page of the chapter, and the reader decides which worker gets a call, and which answer comes first.
// The pages are real: their graph, queue and store are the client's own. Only the server is simulated.

import { DependencyGraph, readDependencies } from "../../crates/callbacks/client/graph.js";
import { prepareCall, readAnswer } from "../../crates/callbacks/client/protocol.js";
import { CallQueue } from "../../crates/callbacks/client/queue.js";
import { LayoutStore } from "../../crates/callbacks/client/store.js";

/** What each person types, a letter with each move. */
const words = { A: "Ada", B: "Bob" };

/** What a reader may try to bring about. `solution` is the moves that do it. */
export const goals = [
  goal("older", "With two workers, make a heading show an older text than the one stored last.",
    "two workers, A types, call 1 to worker 1, answer 1, A types, call 2 to worker 2, answer 2, A types, call 3 to worker 1, answer 3"),
  goal("foreign", "With one worker, make one person read what the other wrote.",
    "one worker, A types, call 1 to worker 1, answer 1, B types, call 2 to worker 1, answer 2"),
  goal("overtaken", "Make a right answer be dropped because a newer call overtook it.",
    "one worker, A types, call 1 to worker 1, answer 1, A types, call 2 to worker 1, A types, answer 2"),
  goal("hidden", "Hide the bug: with two workers and kept connections, let one person type a whole word and get every answer right.",
    "two workers, keep connections, A types, call 1 to worker 2, answer 1, A types, call 2 to worker 2, answer 2, A types, call 3 to worker 2, answer 3"),
];

function goal(id, text, solution) {
  return { id, text, solution: solution.split(", ") };
}

/** A call is `waiting` for a worker, `answered` while its answer is on the way, then `shown` or `dropped`. */
export class Kernel {
  workers = 2;
  keeps = false;
  /** What has happened, a sentence each. @type {string[]} */
  story = [];
  /** The goals that were reached. @type {Set<string>} */
  reached = new Set();

  constructor() {
    this.#begin();
  }

  #begin() {
    /** The variable of each worker: a text, and the number of the call that stored it. */
    this.variables = [null, null];
    this.last = null;
    this.calls = [];
    this.people = Object.fromEntries(Object.keys(words).map((name) => [name, new Page(name, this)]));
  }

  /** All moves that can be made now. */
  moves() {
    const letters = Object.values(this.people).filter((page) => page.text.length < words[page.name].length);
    const waiting = this.calls.filter((call) => call.state === "waiting");
    return [
      ...letters.map((page) => `${page.name} types`),
      ...waiting.flatMap((call) => this.#choices(call).map((worker) => `call ${call.number} to worker ${worker}`)),
      ...this.calls.filter((call) => call.state === "answered").map((call) => `answer ${call.number}`),
    ];
  }

  /** The workers that a call may go to: a connection that is kept has one already. */
  #choices({ page }) {
    const kept = this.keeps && page.worker ? [page.worker] : [1, 2];
    return this.workers === 1 ? [1] : kept;
  }

  /** Makes a move, and waits until the page has done what it does then. */
  async play(move) {
    if (["one worker", "two workers", "keep connections", "close connections"].includes(move)) this.#set(move);
    else if (!this.moves().includes(move)) throw new Error(`“${move}” cannot be played now`);
    else this.#act(move);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }

  #set(setting) {
    if (setting.endsWith("connections")) this.keeps = setting === "keep connections";
    else this.workers = setting === "one worker" ? 1 : 2;
    this.#begin();
    this.story = [`${this.workers === 1 ? "One worker" : "Two workers"}, ${this.keeps ? "connections are kept" : "each answer closes its connection"}. Both pages are open.`];
  }

  #act(move) {
    const [first, second] = move.split(" ");
    if (second === "types") this.people[first].type();
    else if (first === "answer") this.#deliver(this.calls[Number(second) - 1]);
    else this.#give(this.calls[Number(second) - 1], Number(move.split(" ").at(-1)));
  }

  /** The worker runs the chapter's callback: it stores the text, and answers with what its variable held. */
  #give(call, worker) {
    call.state = "answered";
    call.worker = worker;
    call.page.worker = worker;
    call.read = this.variables[worker - 1];
    call.isRight = call.read === this.last;
    call.last = this.last;
    this.last = { text: call.text, by: call.page.name, number: call.number };
    this.variables[worker - 1] = this.last;
    this.story.push(`Worker ${worker} gets ${call.page.name}’s “${call.text}”. It held ${quoted(call.read)}, which it answers, and it stores the new text.`);
  }

  #deliver(call) {
    const read = call.read?.text ?? null;
    const text = JSON.stringify({ multi: true, response: { content: { children: read } } });
    call.arrived = true;
    call.arrive({ outcome: readAnswer(call.callback, 200, text), exchange: { status: 200, worker: String(call.worker) } });
  }

  /** A page says what has become of its call. */
  told(call, state) {
    call.state = state;
    const { name } = call.page;
    if (state === "dropped") {
      this.story.push(`The answer ${quoted(call.read)} comes to ${name}, and is dropped: a newer call of the same callback replaced it.`);
      if (call.isRight && call.read) this.reached.add("overtaken");
      return;
    }
    this.story.push(`${name}’s heading shows ${quoted(call.read)}${call.isRight ? "" : `, although ${quoted(call.last)} has been stored since`}.`);
    if (this.workers === 2 && call.read && !call.isRight) this.reached.add("older");
    if (this.workers === 1 && call.read && call.read.by !== name) this.reached.add("foreign");
    const own = this.calls.filter((other) => other.page === call.page);
    const whole = own.length === words[name].length && own.every((other) => other.state === "shown" && other.isRight);
    if (this.workers === 2 && this.keeps && whole) this.reached.add("hidden");
  }
}

/** One person's page, with the layout and the callback of the chapter. */
class Page {
  text = "";
  /** The worker at the other end of its connection. */
  worker = null;

  constructor(name, kernel) {
    this.name = name;
    this.kernel = kernel;
    const { callbacks } = readDependencies([{ output: "content.children", inputs: [{ id: "input", property: "value" }], state: [] }]);
    const graph = new DependencyGraph(callbacks);
    this.store = new LayoutStore(["input", "content"].map((id) => ({ namespace: "dash_html_components", type: "Div", props: { id } })));
    this.queue = new CallQueue(graph, {
      prepare: (callback, changed) => prepareCall(callback, changed, this.store),
      post: (body, callback) => this.#post(JSON.parse(body), callback),
      apply: (values) => this.store.apply(values),
      applied() {},
      schedule: (run) => Promise.resolve().then(run),
      now: () => 0,
      tell: (event) => this.#tell(event),
      fail: ({ message }) => kernel.story.push(message),
      progress() {},
    });
  }

  /** What the heading shows. */
  get heading() {
    return this.store.component("content")?.props.children ?? "";
  }

  type() {
    this.text = words[this.name].slice(0, this.text.length + 1);
    this.kernel.story.push(`${this.name} types: the field holds “${this.text}”.`);
    const input = this.store.component("input");
    if (input) this.queue.change(this.store.change(input, { value: this.text }));
  }

  #post(body, callback) {
    const { calls } = this.kernel;
    return new Promise((arrive) => {
      calls.push({ number: calls.length + 1, page: this, callback, arrive, text: body.inputs[0].value, state: "waiting", read: null, arrived: false });
    });
  }

  /** Of a call that is overtaken the queue tells twice: when that happens, and when its answer comes. */
  #tell({ state }) {
    const call = this.kernel.calls.find((other) => other.page === this && other.arrived && other.state === "answered");
    if (call && (state === "done" || state === "dropped")) this.kernel.told(call, state === "done" ? "shown" : "dropped");
  }
}

function quoted(stored) {
  return stored ? `“${stored.text}”` : "nothing";
}
