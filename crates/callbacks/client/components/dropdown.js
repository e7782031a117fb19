// dcc.Dropdown with one value, as the browser's own select element.

import { deepEqual } from "../store.js";
import { setAttribute, setClass, setEveryday, setStyle } from "./attributes.js";

/** @import { Context, View } from "../types.d.ts" */

/** @typedef {{ label: string, value: unknown, disabled: boolean, title: string | undefined }} Option */

/**
 * The options in one form, their values of the type that the app gave them.
 *
 * @param {unknown} options a list of scalars or of objects with label and value, or an object from values to labels
 * @returns {Option[]}
 */
export function readOptions(options) {
  if (!Array.isArray(options)) {
    return Object.entries(options ?? {}).map(([value, label]) => ({ label: String(label), value, disabled: false, title: undefined }));
  }
  return options.map((option) =>
    typeof option === "object" && option !== null
      ? { label: textOf(option.label ?? option.value), value: option.value, disabled: Boolean(option.disabled), title: option.title }
      : { label: String(option), value: option, disabled: false, title: undefined },
  );
}

/** @param {any} label a text, or a component that holds one @returns {string} */
function textOf(label) {
  if (Array.isArray(label)) return label.map(textOf).join("");
  return typeof label === "object" && label !== null ? textOf(label.props?.children ?? "") : String(label);
}

/**
 * @param {Context} context
 * @returns {View}
 */
export function createDropdown(context) {
  if (context.props.multi) throw new Error("This client has no Dropdown with several values (multi) yet.");
  const node = document.createElement("select");
  if (context.id !== undefined) node.id = context.id;
  /** @type {Option[]} */
  let options = [];

  const show = () => {
    setEveryday(node, context.props);
    setAttribute(node, "disabled", context.props.disabled);
    setClass(node, "dash-dropdown", context.props);
    setStyle(node, context.props.style);
  };
  const showOptions = () => {
    options = readOptions(context.props.options);
    const { clearable = true, placeholder = "Select" } = context.props;
    const empty = new Option(placeholder, "");
    // Without a choice the select is empty; only a clearable one can become empty again.
    empty.hidden = empty.disabled = !clearable;
    node.replaceChildren(empty, ...options.map(toElement));
    showValue();
  };
  const showValue = () => {
    node.selectedIndex = options.findIndex(({ value }) => deepEqual(value, context.props.value)) + 1;
  };

  node.addEventListener("change", () => context.set({ value: options[node.selectedIndex - 1]?.value ?? null }));
  show();
  showOptions();
  return {
    node,
    update(changed) {
      show();
      if (changed.has("options") || changed.has("clearable") || changed.has("placeholder")) showOptions();
      else if (changed.has("value")) showValue();
    },
    after(changed) {
      const { value } = context.props;
      const looked = changed === null || changed.has("value") || changed.has("options");
      // A value that is not among the options is left out. Without options it waits for them.
      if (looked && options.length > 0 && value !== undefined && value !== null && node.selectedIndex === 0) context.set({ value: null });
    },
  };
}

/**
 * @param {Option} option
 * @param {number} index
 */
function toElement({ label, disabled, title }, index) {
  const element = new Option(label, String(index));
  element.disabled = disabled;
  if (title !== undefined) element.title = title;
  return element;
}
