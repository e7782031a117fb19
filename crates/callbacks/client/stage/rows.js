// The names of the lanes, and what each of them holds.

import { ageOf, laneName, short } from "./words.js";
import { element } from "./element.js";
import { colourOf, laneHeight } from "./drawing.js";

/** @import { Copy, Lane } from "./types.d.ts" */
/** @import { StageModel } from "./model.js" */

/**
 * A lane of the drawing.
 *
 * @typedef {{ person?: string, lane?: Lane, place?: string }} Row
 */

/** The lanes, from the top. Of the workers that have ended, those that the drawing still shows. @param {StageModel} model @param {string} person @returns {Row[]} */
export function rowsOf(model, person) {
  const shown = (model.steps.at(-1)?.event ?? 0) - 8;
  const people = [...new Set([person, ...model.people.keys()])].map((person) => ({ person }));
  const lanes = model.lanes.filter(({ ended }) => ended === null || ended > shown).map((lane) => ({ lane }));
  return [...people, ...lanes, ...[...model.places.keys()].slice(-4).map((place) => ({ place }))];
}

/**
 * @param {Row} row
 * @param {{ model: StageModel, now: number, person: string, shared: boolean, ttl: number, order: ((kind: "kill" | "pause", worker: number) => void) | null }} stage
 */
export function drawRow(row, { model, now, person, shared, ttl, order }) {
  const line = element("tr");
  line.style.blockSize = `${laneHeight}px`;
  const head = element("th");
  head.scope = "row";
  const held = element("td", "stage-held");
  line.append(head, held);
  const { lane } = row;
  line.dataset.lane = lane ? `${lane.worker}.${lane.life}.${lane.ended === null}` : JSON.stringify(row);
  if (lane) {
    line.dataset.worker = String(lane.worker);
    if (lane.ended !== null) line.className = "stage-ended";
    head.append(chip(lane));
    if (lane.ended !== null) held.append("ended");
    else if (lane.pausedUntil > now) held.append(`stands still, ${Math.ceil((lane.pausedUntil - now) / 1000)} s`);
    else if (!shared) held.append(lane.heard === null ? "not heard yet" : "keeps nothing", age(lane.heard, now));
    else if (lane.copy) held.append(...copy(lane.copy, now));
    else held.append(element("span", "stage-quiet", "unknown"));
    if (order && lane.ended === null) line.append(orders(lane.worker, order));
  } else if (row.person !== undefined) {
    head.append(element("span", "stage-person", row.person === person ? `${person} (this page)` : row.person));
    const known = model.people.get(row.person);
    const last = [...(known?.last.values() ?? [])].at(-1);
    if (known?.held) held.append(element("span", "stage-quiet", "browser holds "), ...copy(known.held, now, `from worker ${known.held.worker}`));
    else if (last) held.append(element("span", "stage-quiet", "wrote last "), element("b", "", short(last.write, 14)));
  } else {
    const place = /** @type {Copy} */ (model.places.get(row.place ?? ""));
    const name = element("span", "stage-place", place.title?.replace(/^Now the | holds:$/g, "").replace(/\/.*\//, "…/") ?? `entry ${short(row.place, 12)}`);
    name.title = place.title ?? "";
    head.append(name);
    const left = Math.ceil(ttl - (now - (place.computedAt ?? 0)) / 1000);
    held.append(...copy(place, now, `by worker ${place.worker}${ttl === 0 ? "" : left > 0 ? `, ${left} s left` : ", too old now"}`));
  }
  return line;
}

/** @param {Lane} lane */
function chip(lane) {
  const made = element("span", `worker-chip ${colourOf(lane.worker)}`, laneName(lane).slice("worker ".length));
  made.prepend(element("span", "stage-wide", "worker "));
  return made;
}

/** @param {Copy} copy @param {number} now @param {string} [by] */
function copy({ value, person, at }, now, by = person === null ? "by somebody off stage" : `by ${person}`) {
  return [element("b", "stage-value", short(value, 14)), age(at, now, `${by}, `)];
}

/** @param {number | null} at @param {number} now */
function age(at, now, before = "") {
  return element("span", "stage-quiet stage-age", at === null ? "" : `${before}${ageOf(now - at)}`);
}

/** @param {number} worker @param {(kind: "kill" | "pause", worker: number) => void} order */
function orders(worker, order) {
  const cell = element("td", "stage-orders");
  for (const [kind, sign, words] of /** @type {const} */ ([["pause", "❙❙", "Pause"], ["kill", "✕", "Kill"]])) {
    const button = element("button", `stage-${kind}`, sign);
    button.type = "button";
    button.title = kind === "pause" ? `Worker ${worker} stands still for 3 s` : `Kill worker ${worker}`;
    button.setAttribute("aria-label", kind === "pause" ? `${words} worker ${worker} for 3 s` : `${words} worker ${worker}`);
    button.addEventListener("click", () => order(kind, worker));
    cell.append(button);
  }
  return cell;
}
