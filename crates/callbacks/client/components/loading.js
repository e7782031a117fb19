// dcc.Loading: a spinner over its children while one of them is being computed.

import { idsIn } from "../store.js";
import { setClass, setEveryday, setStyle } from "./attributes.js";

/** @import { Context, Props, View } from "../types.d.ts" */

/**
 * @param {Context} context
 * @returns {View}
 */
export function createLoading(context) {
  const node = document.createElement("div");
  const slot = document.createElement("div");
  slot.className = "dash-loading-content";
  const spinner = document.createElement("div");
  if (context.id !== undefined) spinner.id = context.id;
  spinner.setAttribute("role", "status");
  node.append(slot, spinner);

  // At the start it spins at once, before it is known whether anything below is computed.
  let shown = context.props.show_initially !== false;
  let wanted = shown;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Set<string>} */
  let loading = new Set();
  // The first calls are posted right after this tick.
  let first = true;

  const draw = () => {
    const { display = "auto", parent_style, parent_className, overlay_style } = context.props;
    const visible = display === "auto" ? shown : display === "show";
    setClass(node, "dash-loading", { className: parent_className });
    setStyle(node, parent_style);
    setEveryday(node, context.props);
    node.setAttribute("aria-busy", String(visible));
    setStyle(slot, visible ? { visibility: "hidden", ...overlay_style } : {});
    drawSpinner(spinner, context.props, visible);
  };
  const look = () => {
    const pending = isPending(context.props, loading);
    if (pending === wanted) return;
    wanted = pending;
    clearTimeout(timer);
    const { delay_show = 0, delay_hide = 0 } = context.props;
    const delay = pending ? delay_show : first ? 0 : delay_hide;
    const change = () => {
      shown = pending;
      draw();
    };
    if (pending === shown) return;
    if (delay > 0) timer = setTimeout(change, delay);
    else change();
  };
  const settle = setTimeout(() => {
    look();
    first = false;
  });
  const unwatch = context.watch((now) => {
    loading = now;
    look();
  });

  draw();
  return {
    node,
    slot,
    update() {
      look();
      draw();
    },
    remove() {
      clearTimeout(timer);
      clearTimeout(settle);
      unwatch();
    },
  };
}

/**
 * Whether an output below is being computed. Its own props do not count.
 *
 * @param {Props} props
 * @param {Set<string>} loading
 */
function isPending({ children, target_components }, loading) {
  if (loading.size === 0) return false;
  const ids = new Set(idsIn(children));
  return [...loading].some((key) => {
    const dot = key.lastIndexOf(".");
    const id = key.slice(0, dot);
    if (!ids.has(id)) return false;
    const targets = target_components?.[id];
    return !target_components || targets === "*" || [targets].flat().includes(key.slice(dot + 1));
  });
}

/**
 * @param {HTMLElement} spinner
 * @param {Props} props
 * @param {boolean} visible
 */
function drawSpinner(spinner, { type = "default", color, fullscreen, className, style }, visible) {
  const place = fullscreen ? "dash-spinner dash-spinner-fullscreen" : "dash-spinner";
  setClass(spinner, `${place} dash-spinner-${type}`, { className });
  setStyle(spinner, { ...style, ...(color ? { "--spinner": color } : {}) });
  spinner.hidden = !visible;
  spinner.replaceChildren();
  if (!visible) return;
  const wheel = document.createElement("span");
  wheel.className = "dash-spinner-wheel";
  const text = document.createElement("span");
  text.className = "visually-hidden";
  text.textContent = "Loading…";
  spinner.append(wheel, text);
}
