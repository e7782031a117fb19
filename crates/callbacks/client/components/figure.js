// dcc.Graph: a figure, drawn by plotly.js, which is loaded when the first graph needs it.

import { reasonOf, sentence } from "../errors.js";
import { setClass, setEveryday, setStyle } from "./attributes.js";
import { describeFigure, refusedMap } from "./figure-words.js";

/** @import { Context, Props, View } from "../types.d.ts" */

/** @type {Promise<any> | null} */
let plotlyLoad = null;

/**
 * Loads plotly.js once for all graphs of the page.
 *
 * @param {string | null} url
 * @returns {Promise<any>}
 */
function loadPlotly(url) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  if (!url) return Promise.reject(new Error("The server names no copy of plotly.js."));
  plotlyLoad ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      plotlyLoad = null;
      script.remove();
      reject(new Error(`plotly.js did not load from ${url}.`));
    });
    document.head.append(script);
  });
  return plotlyLoad;
}

/**
 * @param {Context} context
 * @returns {View}
 */
export function createFigure(context) {
  const node = document.createElement("div");
  if (context.id !== undefined) node.id = context.id;
  node.setAttribute("role", "figure");
  const canvas = document.createElement("div");
  node.append(canvas);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let drawn = false;
  let removed = false;

  const show = () => {
    setClass(node, drawn ? "dash-graph" : "dash-graph dash-graph--pending", context.props);
    setStyle(node, context.props.style);
    node.toggleAttribute("data-fixed-height", context.props.figure?.layout?.height !== undefined);
    node.setAttribute("aria-label", describeFigure(context.props.figure, context.id));
    setEveryday(node, context.props);
  };
  const draw = async () => {
    try {
      const refused = refusedMap(context.props.figure);
      if (refused) throw new Error(refused);
      const plotly = await loadPlotly(context.plotly);
      if (removed) return;
      // plotly.js writes into what it is given. The layout must not change under it.
      const figure = structuredClone(context.props.figure ?? {});
      const layout = { ...figure.layout, template: figure.layout?.template ?? template(node, figure) };
      const config = { responsive: true, displaylogo: false, ...context.props.config };
      await plotly.react(canvas, figure.data ?? [], layout, config);
      if (removed) return plotly.purge(canvas);
      if (!drawn) listen(canvas, context);
      drawn = true;
      show();
    } catch (error) {
      if (removed) return;
      const message = `The graph cannot be drawn. ${reasonOf(error)}`;
      canvas.replaceChildren(sentence(message));
      context.fail(message);
    }
  };
  const redraw = () => context.hold(draw());

  show();
  dark.addEventListener("change", redraw);
  return {
    node,
    update(changed) {
      show();
      if (changed.has("figure") || changed.has("config")) redraw();
    },
    after(changed) {
      if (changed === null) redraw();
    },
    remove() {
      removed = true;
      dark.removeEventListener("change", redraw);
      if (drawn) window.Plotly.purge(canvas);
    },
  };
}

/**
 * Tells what the reader does with the graph.
 *
 * @param {any} canvas
 * @param {Context} context
 */
function listen(canvas, { set, props }) {
  /** @type {Record<string, (event: any) => unknown>} */
  const handlers = {
    plotly_click: (event) => set({ clickData: { ...readPoints(event), timestamp: Date.now() } }),
    plotly_hover: (event) => set({ hoverData: readPoints(event) }),
    plotly_selected: (event) => set({ selectedData: event && readPoints(event) }),
    plotly_relayout: (event) => set({ relayoutData: event }),
  };
  for (const [name, handler] of Object.entries(handlers)) canvas.on(name, handler);
  const { width, height } = props.figure?.layout ?? {};
  if (width === undefined || height === undefined) set({ relayoutData: { autosize: true } });
}

/**
 * The points of an event as plain values: plotly.js adds traces and axes to them.
 *
 * @param {any} event
 */
function readPoints(event) {
  /** @param {[string, any]} entry */
  const isPlain = ([name, value]) => typeof value !== "object" || name === "bbox" || name === "customdata";
  /** @param {Props} point */
  const plain = (point) => Object.fromEntries(Object.entries(point).filter(isPlain));
  return { points: event.points.map(plain) };
}

/**
 * Colours of the page, for all that the figure does not say itself.
 *
 * @param {Element} node
 * @param {any} figure
 */
function template(node, { layout }) {
  // A custom property is text. It only resolves to a colour on an element.
  const probe = node.appendChild(document.createElement("span"));
  /** @param {string | number} name */
  const color = (name) => {
    probe.style.color = `var(--graph-${name})`;
    return getComputedStyle(probe).color;
  };
  const grid = color("grid");
  const axis = { gridcolor: grid, zerolinecolor: grid, linecolor: grid, automargin: true };
  const colorway = [1, 2, 3, 4, 5, 6, 7, 8].map(color);
  const style = getComputedStyle(node);
  probe.remove();
  return {
    layout: {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: style.color, family: style.fontFamily },
      colorway,
      margin: { l: 56, r: 24, t: layout?.title ? 56 : 32, b: 48 },
      xaxis: axis,
      yaxis: axis,
    },
  };
}
