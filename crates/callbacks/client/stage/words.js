// Values and numbers as the stage writes them.

/**
 * A value as there is room for it.
 *
 * @param {any} value
 * @param {number} [room]
 */
export function short(value, room = 10) {
  if (value === null || value === undefined) return "nothing";
  const text = typeof value === "string" ? value : begun(value, room);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

/** The beginning of a value as JSON, without writing out all of a large one. @param {any} value @param {number} room @returns {string} */
function begun(value, room) {
  if (typeof value === "string") return JSON.stringify(value.slice(0, room + 1));
  if (typeof value !== "object" || value === null) return String(value);
  const list = Array.isArray(value);
  let text = list ? "[" : "{";
  for (const name of Object.keys(value)) {
    if (text.length > room) break;
    text += `${text.length > 1 ? ", " : ""}${list ? "" : `${name}: `}${begun(value[name], room)}`;
  }
  return text + (list ? "]" : "}");
}

/** @param {any} value */
export function quoted(value) {
  return value === null || value === undefined ? "nothing" : `“${short(value, 24)}”`;
}

/** @param {any} a @param {any} b */
export function same(a, b) {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** @param {number} count @param {string} word */
export function counted(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes === 0) return "";
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KiB`;
}

/** @param {number} ms */
export function ageOf(ms) {
  return ms < 1000 ? "now" : ms < 120000 ? `${Math.floor(ms / 1000)} s ago` : `${Math.floor(ms / 60000)} min ago`;
}

/** @param {{ worker: number, life: number }} lane */
export function laneName({ worker, life }) {
  return life > 1 ? `worker ${worker}, life ${life}` : `worker ${worker}`;
}
