// All components by their names in the layout. A new one is a file with a `create` function, and its line here.

import { createStore } from "./browser-store.js";
import { createDropdown } from "./dropdown.js";
import { createFigure } from "./figure.js";
import { createElement, elementName } from "./html.js";
import { createInput } from "./input.js";
import { createLoading } from "./loading.js";

/** @import { Create } from "../types.d.ts" */

/** @type {Map<string, Create>} */
const coreComponents = new Map(
  Object.entries({
    Dropdown: createDropdown,
    Graph: createFigure,
    Input: createInput,
    Loading: createLoading,
    Store: createStore,
  }),
);

/**
 * The function that creates a component, or undefined for one that this client does not have.
 *
 * @param {string} namespace
 * @param {string} type
 * @returns {Create | undefined}
 */
export function createOf(namespace, type) {
  if (namespace === "dash_core_components") return coreComponents.get(type);
  const name = namespace === "dash_html_components" ? elementName(type) : null;
  return name === null ? undefined : (context) => createElement(context, name);
}
