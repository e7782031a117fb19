// html.*: every type name is the element of that name in lower case.

import { setAttribute, setStyle } from "./attributes.js";

/** @import { Context, View } from "../types.d.ts" */

/** Elements that load or run something else, or change the whole page. */
const denied = /^(script|iframe|frame|frameset|object|objectel|embed|applet|base|meta|link|style)$/;

const voidElements = /^(area|br|col|hr|img|input|param|source|track|wbr)$/;

/** Props that are no attributes. */
const noAttribute = /^(id|children|key|loading_state|(disable_)?n_clicks.*)$/;

/**
 * The element's name for a type, or null for a type that the page must not have.
 *
 * @param {string} type
 */
export function elementName(type) {
  const name = type === "MapEl" ? "map" : type.toLowerCase();
  return /^[a-z][a-z0-9]*$/.test(name) && !denied.test(name) ? name : null;
}

/**
 * @param {Context} context
 * @param {string} name
 * @returns {View}
 */
export function createElement(context, name) {
  const node = document.createElement(name);
  if (context.id !== undefined) node.id = context.id;
  /** @param {Iterable<string>} props */
  const show = (props) => {
    for (const prop of props) {
      if (prop === "style") setStyle(node, context.props.style);
      else if (!noAttribute.test(prop)) setAttribute(node, prop, context.props[prop]);
    }
  };
  show(Object.keys(context.props));
  if (context.id !== undefined) node.addEventListener("click", () => countClick(context));
  return { node, slot: voidElements.test(name) ? undefined : node, update: show };
}

/**
 * Counts a click on a component with an id.
 *
 * @param {Context} context
 */
function countClick({ props, set }) {
  if (props.disable_n_clicks) return;
  set({ n_clicks: (props.n_clicks ?? 0) + 1, n_clicks_timestamp: Date.now() });
}
