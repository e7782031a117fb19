// What a reader does with a graph: the events of plotly.js as the values that Dash's properties have. Pure.

/** @import { Props } from "../types.d.ts" */

/** What of a point is kept although it is no plain value. */
const wholes = new Set(["bbox", "customdata", "pointNumbers"]);

/**
 * The points of an event as plain values: plotly.js adds traces and axes to them. A selection has its range or its lasso, too.
 *
 * @param {any} event
 * @returns {Props}
 */
export function readPoints(event) {
  /** @param {[string, any]} entry */
  const isPlain = ([name, value]) => typeof value !== "object" || wholes.has(name);
  /** @param {Props} point */
  const plain = (point) => Object.fromEntries(Object.entries(point).filter(isPlain));
  const { points = [], range, lassoPoints } = event;
  return { points: points.map(plain), ...(range && { range }), ...(lassoPoints && { lassoPoints }) };
}

/**
 * The figure after the reader has changed its layout, as by a zoom: `changes` has paths such as `xaxis.range[0]`.
 *
 * @param {any} figure
 * @param {Props} changes
 */
export function withLayoutChanges(figure, changes) {
  const layout = structuredClone(figure?.layout ?? {});
  for (const [path, value] of Object.entries(changes)) {
    const range = /^(.*)\.range(\[\d\])?$/.exec(path);
    // A range that the reader chose ends the automatic one.
    if (range && valueAt(layout, range[1])?.autorange) setAt(layout, `${range[1]}.autorange`, false);
    setAt(layout, path, value);
  }
  return { ...figure, layout };
}

/**
 * The figure after the reader has changed traces, as by a click on the legend.
 *
 * @param {any} figure
 * @param {[Props, number[]]} event what changed, a list with a value for each trace; and which traces
 */
export function withTraceChanges(figure, [changes, indices]) {
  const data = structuredClone(figure?.data ?? []);
  for (const [path, values] of Object.entries(changes)) {
    for (const [place, index] of indices.entries()) {
      if (data[index]) setAt(data[index], path, Array.isArray(values) ? values[place % values.length] : values);
    }
  }
  return { ...figure, data };
}

/** @param {string} path */
function stepsOf(path) {
  return [...path.matchAll(/[^.[\]]+/g)].map(([step]) => step);
}

/**
 * @param {any} object
 * @param {string} path
 */
function valueAt(object, path) {
  return stepsOf(path).reduce((inner, step) => inner?.[step], object);
}

/**
 * @param {any} object
 * @param {string} path
 * @param {unknown} value
 */
function setAt(object, path, value) {
  const steps = stepsOf(path);
  let inner = object;
  for (const [place, step] of steps.slice(0, -1).entries()) {
    if (!Object.hasOwn(inner, step) || typeof inner[step] !== "object" || inner[step] === null) {
      inner[step] = /^\d+$/.test(steps[place + 1]) ? [] : {};
    }
    inner = inner[step];
  }
  inner[steps[steps.length - 1]] = structuredClone(value);
}
