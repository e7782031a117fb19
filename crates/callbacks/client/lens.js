// The lens: a bar at the bottom of the page that shows each call as it happens, and which worker answered.
// It is written on the page's events alone, as a script of an app would be.

/** @import { CallDetail, CallState, PageDetail } from "./types.d.ts" */

/** The most calls listed. */
const listed = 30;

const columns = ["State", "Callback", "Worker", "Value", "Time", "Sent", "Received"];

/** @type {Record<CallState, string>} */
const symbols = { waiting: "○", running: "◐", done: "●", dropped: "⊘", failed: "✕" };

/** Shows the lens. It hears the events from now on. */
export function showLens() {
  const lens = new Lens();
  document.addEventListener("callbacks:page", (event) => lens.tellPage(event.detail));
  document.addEventListener("callbacks:call", (event) => lens.tellCall(event.detail));
}

class Lens {
  #panel = element("section", "lens");
  #toggle = element("button", "lens-toggle");
  #summary = element("p", "lens-summary");
  #body = element("div", "lens-body");
  #rows = element("tbody");
  /** @type {Map<number, CallDetail>} the latest calls, the oldest first */
  #calls = new Map();
  /** @type {Map<number, HTMLTableRowElement>} */
  #drawn = new Map();
  /** @type {Set<number>} */
  #stale = new Set();
  /** @type {Map<string, number>} answers by worker */
  #answers = new Map();
  #count = 0;
  /** @type {string | null} */
  #pageWorker = null;
  #scheduled = false;

  constructor() {
    this.#panel.setAttribute("aria-label", "Calls of this page");
    this.#body.id = "lens-body";
    this.#body.tabIndex = 0;
    this.#toggle.type = "button";
    this.#toggle.setAttribute("aria-controls", this.#body.id);
    this.#toggle.addEventListener("click", () => this.#open(this.#body.hidden));
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const name of columns) {
      const cell = element("th", columnClass(name), name);
      cell.scope = "col";
      head.append(cell);
    }
    table.append(this.#rows);
    this.#body.append(table);
    const bar = element("div", "lens-bar");
    bar.append(this.#toggle, this.#summary);
    this.#panel.append(bar, this.#body);
    document.body.append(this.#panel);
    // The page leaves room for the lens, and scrolls what is in it to where the lens does not cover it.
    new ResizeObserver(() => this.#makeRoom()).observe(this.#panel);
    document.addEventListener("focusin", ({ target }) => this.#reveal(target));
    this.#open(remembered() === "open");
  }

  /** @param {PageDetail} page */
  tellPage({ worker }) {
    this.#pageWorker = worker;
    this.#schedule();
  }

  /** @param {CallDetail} call */
  tellCall(call) {
    this.#count = Math.max(this.#count, call.id);
    if (call.worker !== null) this.#answers.set(call.worker, (this.#answers.get(call.worker) ?? 0) + 1);
    this.#calls.set(call.id, call);
    this.#stale.add(call.id);
    for (const id of this.#calls.keys()) {
      if (this.#calls.size <= listed) break;
      this.#calls.delete(id);
    }
    this.#schedule();
  }

  /** @param {boolean} open */
  #open(open) {
    this.#body.hidden = !open;
    this.#toggle.setAttribute("aria-expanded", String(open));
    this.#toggle.textContent = open ? "Hide calls" : "Show calls";
    document.documentElement.dataset.lens = open ? "open" : "closed";
    remembered(open ? "open" : "closed");
    this.#schedule();
  }

  #makeRoom() {
    document.documentElement.style.setProperty("--lens", `${this.#panel.offsetHeight}px`);
    this.#reveal(document.activeElement);
  }

  /** @param {EventTarget | null} target what has the focus */
  #reveal(target) {
    if (!(target instanceof Element) || target === document.body || this.#panel.contains(target)) return;
    const covered = target.getBoundingClientRect().bottom > this.#panel.getBoundingClientRect().top;
    if (covered) target.scrollIntoView({ block: "nearest" });
  }

  /** However many events there are, it draws some times a second, and does not come in between two calls of a chain. */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      this.#drawSummary();
      if (!this.#body.hidden) this.#drawRows();
    }, 80);
  }

  /** The bar shows only the counts: it is all that is drawn while the lens is closed. */
  #drawSummary() {
    const parts = [element("span", "lens-count", `${this.#count} ${this.#count === 1 ? "call" : "calls"}`)];
    const answers = [...this.#answers].sort(([a], [b]) => Number(a) - Number(b));
    const most = Math.max(...this.#answers.values());
    if (answers.length > 0) parts.push(element("span", "lens-by", "answered by workers"));
    for (const [worker, count] of answers) {
      const part = element("span", "lens-share-of");
      const bar = element("span", `lens-share ${colourOf(worker)}`);
      bar.style.inlineSize = `${(1.5 * count) / most}rem`;
      part.append(chip(worker), bar, String(count));
      parts.push(part);
    }
    if (this.#pageWorker !== null) {
      const page = element("span", "lens-page", "page from");
      page.append(" ", chip(this.#pageWorker));
      parts.push(page);
    }
    this.#summary.replaceChildren(...parts);
  }

  #drawRows() {
    for (const id of this.#stale) {
      const call = this.#calls.get(id);
      if (!call) continue;
      const row = rowOf(call);
      const old = this.#drawn.get(id);
      if (old) old.replaceWith(row);
      else this.#rows.prepend(row);
      this.#drawn.set(id, row);
    }
    this.#stale.clear();
    for (const [id, row] of this.#drawn) {
      if (this.#calls.has(id)) continue;
      row.remove();
      this.#drawn.delete(id);
    }
  }
}

/** @param {CallDetail} call */
function rowOf({ state, initial, inputs, output, worker, cache, message, values, ms, callbackMs, bytesUp, bytesDown }) {
  const symbol = element("span", "", symbols[state]);
  symbol.setAttribute("aria-hidden", "true");
  const cause = element("code", "", initial ? "(page opened)" : inputs.join(", "));
  const contents = [
    [symbol, element("span", "lens-word", ` ${state}`)],
    [cause, " → ", element("code", "", outputsOf(output))],
    [worker === null ? "" : chip(worker, "worker "), cache ? ` ${cache}` : ""],
    [message ?? Object.values(values).map((value) => shorten(value)).join(", ")],
    [ms === null ? "" : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`],
    [sizeOf(bytesUp)],
    [sizeOf(bytesDown)],
  ];
  const row = element("tr", `lens-${state}`);
  for (const [index, content] of contents.entries()) {
    const cell = row.insertCell();
    cell.className = columnClass(columns[index]);
    cell.append(...content);
  }
  if (callbackMs !== null) row.title = `${callbackMs} ms in the callback`;
  return row;
}

/** @param {string} column */
function columnClass(column) {
  return `lens-${column.toLowerCase()}`;
}

/** @param {string} output */
function outputsOf(output) {
  return output.startsWith("..") ? output.slice(2, -2).split("...").join(", ") : output;
}

/**
 * @param {string} worker
 * @param {string} [word] in front of the number, where there is room for it
 */
function chip(worker, word = "") {
  const node = element("span", `worker-chip ${colourOf(worker)}`, worker);
  node.prepend(element("span", "lens-wide", word));
  return node;
}

/**
 * The same worker always has the same colour.
 *
 * @param {string} worker
 */
function colourOf(worker) {
  return `worker-${Number(worker) % 10}`;
}

/** @param {number} bytes */
function sizeOf(bytes) {
  if (bytes === 0) return "";
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KiB`;
}

/**
 * The beginning of a value as JSON, without writing out all of a large one.
 *
 * @param {any} value
 * @param {number} [room]
 * @returns {string}
 */
export function shorten(value, room = 80) {
  if (typeof value === "string") return JSON.stringify(value.length > room ? `${value.slice(0, room)}…` : value);
  if (typeof value !== "object" || value === null) return String(value);
  const list = Array.isArray(value);
  let text = "";
  for (const name of Object.keys(value)) {
    if (text.length >= room) {
      text += ", …";
      break;
    }
    const item = shorten(value[name], room - text.length);
    text += `${text ? ", " : ""}${list ? item : `${name}: ${item}`}`;
  }
  return list ? `[${text}]` : `{${text}}`;
}

/**
 * Whether the lens is open, for as long as the tab lives. A browser may forbid storage: then nothing is remembered.
 *
 * @param {string} [state]
 */
function remembered(state) {
  try {
    if (state !== undefined) sessionStorage.setItem("callbacks-lens", state);
    return sessionStorage.getItem("callbacks-lens");
  } catch {
    return null;
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
function element(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
