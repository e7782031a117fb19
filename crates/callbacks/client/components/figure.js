// dcc.Graph: a figure, drawn by plotly.js, which is loaded when the first graph needs it.

import { reasonOf, sentence } from "../errors.js";
import { setClass, setEveryday, setStyle } from "./attributes.js";
import { readPoints, withLayoutChanges, withTraceChanges } from "./figure-events.js";
import { describeFigure, refusedMap } from "./figure-words.js";

/** @import { Context, View } from "../types.d.ts" */

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
  const size = new ContainerSize(node, canvas);
  /** @type {HTMLElement | null} why the figure cannot be drawn */
  let reason = null;
  let drawn = false;
  let opened = false;
  let removed = false;
  // Drawings do not overlap: plotly.js may wait within one.
  let last = Promise.resolve();

  const show = () => {
    setClass(node, drawn || reason ? "dash-graph" : "dash-graph dash-graph--pending", context.props);
    setStyle(node, context.props.style);
    node.toggleAttribute("data-fixed-height", context.props.figure?.layout?.height !== undefined);
    node.setAttribute("aria-label", describeFigure(context.props.figure, context.id));
    setEveryday(node, context.props);
  };
  const clear = () => {
    if (drawn || canvas.firstChild) window.Plotly?.purge(canvas);
    canvas.replaceChildren();
    drawn = false;
  };
  const draw = async () => {
    if (removed) return;
    try {
      const refused = refusedMap(context.props.figure);
      if (refused) throw new Error(refused);
      const plotly = await loadPlotly(context.plotly);
      if (removed) return;
      // plotly.js writes into what it is given. The layout must not change under it.
      const figure = structuredClone(context.props.figure ?? {});
      const layout = { ...figure.layout, template: figure.layout?.template ?? template(node, figure) };
      const config = { displaylogo: false, ...context.props.config };
      reason?.remove();
      await plotly.react(canvas, figure.data ?? [], layout, config);
      if (removed) return plotly.purge(canvas);
      if (!drawn) listen(canvas, context);
      if (!opened) reportSize(context);
      drawn = opened = true;
      reason = null;
      size.drawn();
      context.recover();
    } catch (error) {
      if (removed) return;
      // What plotly.js has begun is taken away, so that the next figure is drawn from nothing.
      clear();
      const message = `The graph cannot be drawn. ${reasonOf(error)}`;
      reason?.remove();
      reason = sentence(message);
      node.prepend(reason);
      context.fail(message);
    }
    show();
  };
  const redraw = () => {
    last = last.then(draw);
    context.hold(last);
  };

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
      size.end();
      dark.removeEventListener("change", redraw);
      clear();
    },
  };
}

/** Fits a graph into its container when that changes, also from hidden to shown; a window's size is only one reason for it. */
class ContainerSize {
  #node;
  #canvas;
  #observer = new ResizeObserver(() => this.#look());
  /** The container's size at the last drawing; null before it. @type {string | null} */
  #fitted = null;

  /**
   * @param {Element} node
   * @param {Element} canvas
   */
  constructor(node, canvas) {
    this.#node = node;
    this.#canvas = canvas;
    this.#observer.observe(node);
  }

  /** The graph has been drawn for the container as it is now. */
  drawn() {
    this.#fitted = this.#size();
  }

  end() {
    this.#observer.disconnect();
  }

  #size() {
    return `${this.#node.clientWidth} ${this.#node.clientHeight}`;
  }

  #look() {
    const size = this.#size();
    if (this.#fitted === null || size === this.#fitted || size === "0 0") return;
    this.#fitted = size;
    // It is refused for a graph that has been hidden again meanwhile: then the next change comes when it is shown.
    window.Plotly?.Plots.resize(this.#canvas)?.catch(() => {});
  }
}

/**
 * Tells what the reader does with the graph.
 *
 * @param {any} canvas
 * @param {Context} context
 */
function listen(canvas, context) {
  const { set } = context;
  /** @type {Record<string, (event: any) => unknown>} */
  const handlers = {
    plotly_click: (event) => set({ clickData: { ...readPoints(event), timestamp: Date.now() } }),
    plotly_hover: (event) => set({ hoverData: readPoints(event) }),
    plotly_unhover: () => context.props.clear_on_unhover && set({ hoverData: null }),
    // A click beside the box selects nothing new: the box and its points stay.
    plotly_selected: (event) => event && set({ selectedData: readPoints(event) }),
    plotly_deselect: () => set({ selectedData: null }),
    plotly_relayout(event) {
      const { autosize, ...changes } = event;
      const zoomed = Object.keys(changes).length > 0;
      set({ relayoutData: event, ...(zoomed && { figure: withLayoutChanges(context.props.figure, changes) }) });
    },
    plotly_restyle: (event) => set({ restyleData: event, figure: withTraceChanges(context.props.figure, event) }),
  };
  for (const [name, handler] of Object.entries(handlers)) canvas.on(name, handler);
}

/** As Dash does after the first drawing of a graph without a fixed size. @param {Context} context */
function reportSize({ set, props }) {
  const { width, height } = props.figure?.layout ?? {};
  if (width === undefined || height === undefined) set({ relayoutData: { autosize: true } });
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
