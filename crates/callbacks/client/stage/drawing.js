// The space-time diagram: time runs to the right; people, workers and the place outside have a lane each.

import { short } from "./words.js";

/** @import { Asked } from "./types.d.ts" */
/** @import { Row } from "./rows.js" */
/** @import { StageModel } from "./model.js" */

/** How far two events are apart, in pixels, and two lanes. */
const step = 38;
export const laneHeight = 40;

/**
 * Draws the latest events.
 *
 * @param {StageModel} model
 * @param {Row[]} rows
 * @param {number} width
 */
export function draw(model, rows, width) {
  const columns = Math.max(2, Math.floor(width / step - 0.5));
  const last = model.steps.at(-1)?.event ?? 0;
  const first = Math.max(1, last - columns + 1);
  /** @param {number} event */
  const x = (event) => Math.max(0, event - first + 0.5) * step;
  /** @param {(row: Row) => boolean | undefined} wanted */
  const y = (wanted) => (rows.findIndex(wanted) + 0.5) * laneHeight;
  const picture = node("svg", { class: "stage-picture", width, height: rows.length * laneHeight, "aria-hidden": "true" });
  for (const [index, row] of rows.entries()) picture.append(...laneLines(row, (index + 0.5) * laneHeight, x, first, width));
  const place = rows.some((row) => row.place !== undefined);
  for (const { call, kind } of model.steps.filter((step) => step.event >= first)) {
    if (!call || (kind === "call" && call.answer)) continue;
    const worker = y(({ lane }) => lane !== undefined && lane.worker === call.answer?.worker && lane.life === call.answer.life);
    const outside = place ? y((row) => row.place === call.key) : 0;
    picture.append(...drawCall(call, { x, width, person: y((row) => row.person === call.person), worker, outside }));
  }
  for (const { kind, lane, event } of model.steps) {
    if (event < first || !lane || (kind !== "kill" && kind !== "pause")) continue;
    const height = y((row) => row.lane === lane);
    picture.append(words(kind, x(event), height - 12, "stage-fault", event), node("path", { class: "stage-fault", "data-event": event, d: `M${x(event)} ${height - 9}v18` }));
  }
  return picture;
}

/** @param {Row} row @param {number} y @param {(event: number) => number} x @param {number} first @param {number} width */
function laneLines({ lane }, y, x, first, width) {
  if (!lane) return [node("path", { class: "stage-lane", d: `M0 ${y}H${width}` })];
  const [from, to] = [lane.since ? x(lane.since) : 0, lane.ended === null ? width : x(lane.ended)];
  const known = lane.known === 0 ? to : Math.min(to, Math.max(from, lane.known < first ? 0 : x(lane.known) - step / 2));
  const lines = [node("path", { class: "stage-lane stage-unknown", d: `M${from} ${y}H${known}` })];
  if (known < to) lines.push(node("path", { class: `stage-lane stage-alive ${colourOf(lane.worker)}`, d: `M${known} ${y}H${to}` }));
  return lines;
}

/** @param {Asked} call @param {{ x: (event: number) => number, width: number, person: number, worker: number, outside: number }} at */
function drawCall(call, { x, width, person, worker, outside }) {
  const { answer, event, answered } = call;
  const from = x(event);
  const to = answer ? x(answered) : width - 4;
  const wrong = call.why || call.foreign ? " stage-wrong" : "";
  const colour = answer?.worker ? colourOf(answer.worker) : "";
  const parts = [node("path", { class: `stage-bar ${colour}${wrong}${answer ? "" : " stage-open"}`, "data-event": answer ? answered : event, d: `M${from} ${person}H${to}` })];
  if (call.write !== undefined) parts.push(words(short(call.write), from, person - 9, "", event));
  if (!answer) return parts;
  const read = call.role === "other" || call.role === "put" || call.role === "add" ? null : words(short(answer.read), to, person + 18, wrong, answered);
  if (read) parts.push(read);
  if (answer.ok && (call.role === "put" || call.role === "add")) parts.push(pill(short(answer.held, 7), to, person + 14, answered));
  if (!answer.shown) parts.push(words("✕", to + 8, person + 4, "stage-wrong", answered));
  if (worker < 0) return parts;
  const middle = (from + to) / 2;
  parts.push(node("path", { class: `stage-way ${colour}${wrong}`, "data-event": answered, d: `M${from} ${person}L${middle} ${worker}${outside > 0 ? `V${outside}V${worker}` : ""}L${to} ${person}` }));
  if (answer.ok && (call.role === "swap" || call.role === "compute")) parts.push(pill(short(call.role === "swap" ? call.left : answer.read, 7), middle, outside > 0 ? outside : worker, answered));
  return parts;
}

/** A value where it lives. @param {string} text @param {number} x @param {number} y @param {number} event */
function pill(text, x, y, event) {
  const width = 6.8 * text.length + 12;
  const group = node("g", { class: "stage-pill", "data-event": event });
  group.append(node("rect", { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 }), words(text, x, y + 4, "", event));
  return group;
}

/** @param {string} text @param {number} x @param {number} y @param {string} className @param {number} event */
function words(text, x, y, className, event) {
  const made = node("text", { x, y, class: className, "data-event": event });
  made.textContent = text;
  return made;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function node(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** The same worker always has the same colour. @param {number} worker */
export function colourOf(worker) {
  return `worker-${worker % 10}`;
}
