// dcc.Input: when a key press becomes a value, and which values are valid.

import { writeText } from "../focus.js";
import { setAttribute, setClass, setStyle } from "./attributes.js";

/** @import { Context, Props, View } from "../types.d.ts" */

/** Props that are no attributes. */
const noInputAttribute = /^(id|type|value|style|className|autoFocus|debounce|n_.*|persist.*|loading_state)$/;

/**
 * @param {Context} context
 * @returns {View}
 */
export function createInput(context) {
  const node = document.createElement("input");
  if (context.id !== undefined) node.id = context.id;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let composing = false;

  /** @param {Iterable<string>} props */
  const show = (props) => {
    for (const prop of props) {
      if (!noInputAttribute.test(prop)) setAttribute(node, prop, context.props[prop]);
    }
    if (context.props.autoComplete === undefined) setAttribute(node, "autoComplete", "off");
    node.type = context.props.type ?? "text";
    if (node.type === "number" && context.props.step === undefined) node.step = "any";
    setClass(node, "dash-input", context.props);
    setStyle(node, context.props.style);
  };
  const showValue = () => {
    // An input method's composition would end with the first letter that is written into it. What it ends with is reported then.
    if (composing) return;
    // What is being typed stays as it is, as long as it stands for the same value. So does a number that is not one yet.
    const value = context.props.value ?? null;
    const unfinished = !node.validity.valid && document.activeElement === node;
    if (valueOf(node) !== value || (isInvalid(node) && !unfinished)) writeText(node, value === null ? "" : String(value));
  };
  /** @param {Props} [more] */
  const report = (more = {}) => {
    clearTimeout(timer);
    timer = undefined;
    context.set({ value: valueOf(node), ...more });
  };

  /** @param {"n_submit" | "n_blur"} name */
  const count = (name) => {
    const more = { [name]: (context.props[name] ?? 0) + 1, [`${name}_timestamp`]: Date.now() };
    const late = context.props.debounce === true && valueOf(node) !== (context.props.value ?? emptyOf(node));
    // What waits for the end of a debounce goes with the key that ends it, so that a State has the new text.
    if (late || timer !== undefined) report(more);
    else context.set(more);
  };

  /** @param {Event} event */
  const hear = (event) => {
    const { debounce } = context.props;
    // The arrows of a number field make an event without an input type. They report at once.
    const stepped = node.type === "number" && event.type === "input" && !(event instanceof InputEvent && event.inputType);
    clearTimeout(timer);
    timer = undefined;
    if (!debounce || stepped) report();
    else if (typeof debounce === "number") timer = setTimeout(report, debounce * 1000);
  };

  node.addEventListener("compositionstart", () => {
    composing = true;
  });
  node.addEventListener("compositionend", (event) => {
    composing = false;
    hear(event);
  });
  node.addEventListener("input", (event) => {
    if (!composing) hear(event);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) count("n_submit");
  });
  node.addEventListener("blur", () => count("n_blur"));

  show(Object.keys(context.props));
  showValue();
  return {
    node,
    update(changed) {
      show(changed);
      if (changed.has("value")) showValue();
    },
    after(changed) {
      if (changed === null && context.props.autoFocus) node.focus();
    },
    remove: () => clearTimeout(timer),
  };
}

/**
 * The value of the field: a number, or null if there is none or an invalid one; or a text.
 *
 * @param {HTMLInputElement} node
 */
function valueOf(node) {
  if (node.type !== "number") return node.value;
  return node.value === "" || !node.validity.valid ? null : Number(node.value);
}

/**
 * Whether the field shows something that is no valid number: it counts as null, and is not empty.
 *
 * @param {HTMLInputElement} node
 */
function isInvalid(node) {
  return node.type === "number" && (node.validity.badInput || (node.value !== "" && !node.validity.valid));
}

/** @param {HTMLInputElement} node */
function emptyOf(node) {
  return node.type === "number" ? null : "";
}
