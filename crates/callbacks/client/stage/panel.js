// The open stage: its tabs, the drawing with what each lane holds, the story in sentences, the warnings, and what a hand can do.

import { draw } from "./drawing.js";
import { element } from "./element.js";
import { EntryReader } from "./entries.js";
import { SlowNetwork, order, otherRuns, secondPerson } from "./hands.js";
import { StageModel } from "./model.js";
import { drawRow, rowsOf } from "./rows.js";
import { CallTable } from "./table.js";

/** @import { CallDetail, PageDetail } from "../types.d.ts" */
/** @import { Entry, Operation, Server } from "./types.d.ts" */

/**
 * Puts the stage into the panel. `events` is what has happened already, and `listen` reports the rest.
 *
 * @param {HTMLElement} panel
 * @param {{ server: Server, operation: Operation | null, prefix: string, events: (CallDetail | PageDetail)[], listen: (listener: (event: CallDetail | PageDetail) => void) => void }} given
 */
export function openStage(panel, given) {
  return new Stage(panel, given);
}

/** The most sentences that are shown. */
const told = 6;

class Stage {
  #page = Math.random().toString(36).slice(2);
  #person = new URLSearchParams(location.search).get("person") || "A";
  #given;
  #reader;
  #model;
  /** What this page has seen itself, and what other windows told it. @type {Entry[]} */
  #own = [];
  /** @type {Map<string, Entry>} */
  #all = new Map();
  #channel = new BroadcastChannel(`callbacks-stage ${location.pathname}`);
  #table = new CallTable();
  #network = new SlowNetwork();
  #body = element("div", "stage-body");
  #rows = element("tbody");
  #picture = element("div", "stage-drawing");
  #story = element("ol", "stage-story");
  #warnings = element("ul", "stage-warnings");
  #told = 0;
  #answers = 0;
  #scheduled = false;
  #timer = setInterval(() => this.#schedule(), 1000);
  #observer = new ResizeObserver(() => this.#schedule());

  /** @param {HTMLElement} panel @param {Parameters<typeof openStage>[1]} given */
  constructor(panel, given) {
    this.#given = given;
    this.#reader = new EntryReader(given.operation, this.#page, this.#person, performance.timeOrigin);
    this.#model = new StageModel(given.operation, given.server.workers);
    this.#build(panel);
    given.events.forEach((event) => this.#take(event));
    given.listen((event) => this.#take(event));
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    this.#channel.postMessage({ hello: true });
    this.#observer.observe(this.#picture);
  }

  close() {
    clearInterval(this.#timer);
    this.#observer.disconnect();
    this.#channel.close();
    this.#network.end();
    this.#body.remove();
  }

  /** @param {CallDetail | PageDetail} event */
  #take(event) {
    if ("serverCalls" in event) {
      const { worker, life, at } = event;
      if (worker !== null) this.#add({ kind: "page", at: performance.timeOrigin + at, worker: Number(worker), life: Number(life ?? 1) });
      return;
    }
    this.#table.take(event);
    const entry = this.#reader.read(event);
    if (entry) this.#add(entry);
    this.#schedule();
  }

  /** @param {Entry} entry */
  #add(entry) {
    this.#own.push(entry);
    this.#own.splice(0, this.#own.length - 200);
    this.#channel.postMessage({ entries: [entry] });
    if (entry.kind === "answer") this.#answers += 1;
    this.#know(entry);
  }

  /** @param {Entry} entry */
  #know(entry) {
    this.#all.set(nameOf(entry), entry);
    for (const name of this.#all.keys()) if (this.#all.size > 600) this.#all.delete(name);
    this.#model.take(entry);
    this.#schedule();
  }

  /** Another window's stage says what it has seen, or asks. @param {{ hello?: boolean, entries?: Entry[] }} message */
  #hear({ hello, entries = [] }) {
    if (hello) this.#channel.postMessage({ entries: this.#own });
    const fresh = entries.filter((entry) => !this.#all.has(nameOf(entry)));
    if (fresh.length === 1) this.#know(fresh[0]);
    if (fresh.length < 2) return;
    // What happened before is told late: all is put in its order again.
    for (const entry of fresh) this.#all.set(nameOf(entry), entry);
    this.#model = new StageModel(this.#given.operation, this.#given.server.workers);
    for (const entry of [...this.#all.values()].sort((a, b) => a.at - b.at)) this.#model.take(entry);
    this.#told = this.#model.steps.at(-1)?.event ?? 0;
    this.#schedule();
  }

  /** @param {HTMLElement} panel */
  #build(panel) {
    const { server, operation, prefix } = this.#given;
    const lanes = element("table", "stage-lanes");
    lanes.append(element("caption", "visually-hidden", "Who takes part, and what each of them holds, as far as this page has seen"), this.#rows);
    const log = element("div");
    log.setAttribute("role", "log");
    log.setAttribute("aria-label", "What happened");
    log.append(this.#story);
    for (const kind of ["pointerover", "pointerout", "focusin", "focusout"]) this.#body.addEventListener(kind, ({ type, target }) => this.#light(target, type === "pointerover" || type === "focusin"));
    const hands = element("div", "stage-hands");
    hands.append(...this.#network.controls(), ...secondPerson(this.#person, operation), ...otherRuns(server));
    const scene = element("div", "stage-scene");
    scene.append(lanes, this.#picture);
    this.#body.append(...tabs({ Stage: [scene, this.#warnings, log, hands], Calls: [this.#table.node] }, () => this.#schedule()));
    panel.append(this.#body);
    this.#order = server.orders ? (kind, worker) => order(prefix, kind, worker).then((entry) => this.#add(entry), (error) => this.#tell(error.message, 0)) : null;
  }

  /** @type {((kind: "kill" | "pause", worker: number) => void) | null} */
  #order = null;

  /** However many events there are, it draws some times a second, and does not come in between two calls of a chain. */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      if (this.#body.isConnected) this.#draw();
    }, 80);
  }

  #draw() {
    const model = this.#model;
    const { operation, server } = this.#given;
    const rows = rowsOf(model, this.#person);
    const about = { model, now: Date.now(), person: this.#person, shared: operation?.kind === "swap" && operation.key === undefined, ttl: Number(/--ttl-seconds[ =]([\d.]+)/.exec(server.options ?? "")?.[1] ?? server.ttl ?? 0), order: this.#order };
    this.#drawRows(rows.map((row) => drawRow(row, about)));
    const width = this.#picture.clientWidth;
    if (width > 0) this.#picture.replaceChildren(draw(model, rows, width));
    for (const { event, sentence } of model.steps.slice(-told)) if (event > this.#told) this.#tell(sentence, event);
    this.#told = model.steps.at(-1)?.event ?? 0;
    this.#body.dataset.answers = String(this.#answers);
    this.#drawWarnings(about.now);
    if (this.#table.node.offsetParent) this.#table.draw((id) => model.calls.get(`${this.#page}:${id}`)?.why ?? "");
  }

  /** A row that was there keeps its buttons: one of them may have the focus, or be pressed just now. @param {HTMLTableRowElement[]} fresh */
  #drawRows(fresh) {
    const known = new Map([...this.#rows.rows].map((line) => [line.dataset.lane, line]));
    const lines = fresh.map((line) => {
      const old = known.get(line.dataset.lane);
      if (!old) return line;
      old.className = line.className;
      for (const index of [1, 0]) old.cells[index].replaceWith(line.cells[index]);
      return old;
    });
    if (lines.length !== known.size || lines.some((line, index) => line !== this.#rows.rows[index])) this.#rows.replaceChildren(...lines);
  }

  /** @param {string} sentence @param {number} event */
  #tell(sentence, event) {
    const item = element("li", "", sentence);
    item.dataset.event = String(event);
    item.tabIndex = 0;
    this.#story.prepend(item);
    while (this.#story.childElementCount > told) this.#story.lastElementChild?.remove();
  }

  /** @param {number} now */
  #drawWarnings(now) {
    const [first, ...others] = this.#model.waiting(now);
    const paused = this.#model.living().filter((lane) => lane.pausedUntil > now).map((lane) => ` Worker ${lane.worker} stands still.`);
    const more = others.length > 0 ? `, and ${others.length} more wait` : "";
    const text = first && `Call ${first.number} has had no answer for ${Math.floor((now - first.at) / 1000)} s${more}.${paused.join("")}`;
    const waiting = first ? [{ kind: "waiting", text, count: 1, chapter: "inside.html", event: first.event }] : [];
    const warnings = [...waiting, ...[...this.#model.warnings.values()].reverse()];
    this.#warnings.replaceChildren(...warnings.map(({ kind, text, count, chapter, event }) => {
      const item = element("li", `stage-${kind}`, text);
      item.dataset.event = String(event);
      if (count > 1) item.append(" ", element("b", "", `${count} times so far.`));
      const help = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[rel=help]"));
      const link = element("a", "", "Why?");
      if (help) link.href = new URL(chapter, help.href).href;
      if (help) item.append(" ", link);
      return item;
    }));
  }

  /** A sentence lights its event, and the other way round. @param {EventTarget | null} target @param {boolean} lit */
  #light(target, lit) {
    const event = target instanceof Element ? target.closest("[data-event]")?.getAttribute("data-event") : null;
    if (!event) return;
    for (const part of this.#body.querySelectorAll(`[data-event="${event}"]`)) part.classList.toggle("stage-lit", lit);
  }
}

/** @param {Entry} entry */
function nameOf(entry) {
  return "call" in entry ? `${entry.kind} ${entry.call}` : `${entry.kind} ${entry.worker} ${entry.life} ${entry.at}`;
}

/**
 * Panels of which one is shown.
 *
 * @param {Record<string, Node[]>} panels
 * @param {() => void} changed
 */
function tabs(panels, changed) {
  const list = element("div", "stage-tabs");
  list.setAttribute("role", "tablist");
  const made = Object.entries(panels).map(([name, content]) => {
    const [tab, panel] = [element("button", "", name), element("div", "stage-panel")];
    tab.type = "button";
    tab.id = `stage-tab-${name}`;
    panel.id = `stage-panel-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.append(...content);
    list.append(tab);
    return { tab, panel };
  });
  /** @param {number} index */
  const select = (index) => {
    for (const [at, { tab, panel }] of made.entries()) {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
      panel.hidden = at !== index;
    }
    changed();
  };
  for (const [index, { tab }] of made.entries()) {
    tab.addEventListener("click", () => select(index));
    tab.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const next = (index + 1) % made.length;
      select(next);
      made[next].tab.focus();
    });
  }
  select(0);
  return [list, ...made.map(({ panel }) => panel)];
}
