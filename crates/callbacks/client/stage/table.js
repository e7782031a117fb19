// The calls of this page, the latest first: sent, got, worker, time and bytes.

import { outputsOf } from "./entries.js";
import { element } from "./element.js";
import { colourOf } from "./drawing.js";
import { short, sizeOf } from "./words.js";

/** @import { CallDetail, CallState } from "../types.d.ts" */

/** The most calls listed. */
const listed = 40;

const columns = ["State", "Callback", "Sent", "Got", "Worker", "Time", "Up", "Down"];

/** @type {Record<CallState, string>} */
const symbols = { waiting: "○", running: "◐", done: "●", dropped: "⊘", failed: "✕" };

export class CallTable {
  node = element("table", "stage-calls");
  #rows = element("tbody");
  /** @type {Map<number, CallDetail>} */
  #calls = new Map();

  constructor() {
    this.node.append(element("caption", "visually-hidden", "The calls of this page, the latest first"));
    const head = this.node.createTHead().insertRow();
    for (const name of columns) {
      const cell = element("th", `stage-${name.toLowerCase()}`, name);
      cell.scope = "col";
      head.append(cell);
    }
    this.node.append(this.#rows);
  }

  /** @param {CallDetail} call */
  take(call) {
    this.#calls.set(call.id, call);
    for (const id of this.#calls.keys()) if (this.#calls.size > listed) this.#calls.delete(id);
  }

  /** @param {(call: number) => string} why why an answer is not what this person wrote last */
  draw(why) {
    this.#rows.replaceChildren(...[...this.#calls.values()].reverse().map((call) => rowOf(call, why(call.id))));
  }
}

/** @param {CallDetail} call @param {string} why */
function rowOf({ id, state, initial, inputs, sent, output, worker, cache, message, values, ms, callbackMs, bytesUp, bytesDown }, why) {
  const symbol = element("span", "", symbols[state]);
  symbol.setAttribute("aria-hidden", "true");
  /** @param {Record<string, any>} values */
  const shown = (values) => Object.values(values).map((value) => short(value, 40)).join(", ");
  const contents = [
    [symbol, ` ${state}`],
    [element("code", "", initial ? "(page opened)" : inputs.join(", ")), " → ", element("code", "", outputsOf(output).join(", "))],
    [shown(sent)],
    [message && state !== "done" ? message : shown(values), ...(why ? [element("span", "stage-why", ` not the last write: ${why}`)] : [])],
    [worker === null ? "" : element("span", `worker-chip ${colourOf(Number(worker))}`, worker), cache ? ` ${cache}` : ""],
    [ms === null ? "" : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`],
    [sizeOf(bytesUp)],
    [sizeOf(bytesDown)],
  ];
  const row = element("tr", `stage-${state}`);
  row.dataset.call = String(id);
  for (const [index, content] of contents.entries()) {
    const cell = row.insertCell();
    cell.className = `stage-${columns[index].toLowerCase()}`;
    cell.append(...content);
  }
  if (callbackMs !== null) row.title = `${callbackMs} ms in the callback`;
  return row;
}
