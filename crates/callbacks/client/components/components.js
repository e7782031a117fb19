// All components by their names in the layout. A new one is a file with a `create` function, and its line here, if every page has it,
// or else in `build/main.rs` and `src/assets.rs`: then it is a file of its own, loaded by the pages that have the component.

import { componentsIn } from "../store.js";
import { createStore } from "./browser-store.js";
import { createElement, elementName } from "./html.js";
import { createInput } from "./input.js";

/** @import { Children, Create } from "../types.d.ts" */

/** @type {Map<string, Create>} */
const coreComponents = new Map(
  Object.entries({
    Input: createInput,
    Store: createStore,
  }),
);

/** The files of components that only some pages have, beside the client's own. @type {Record<string, string>} */
const files = { Dropdown: "dropdown.js", Graph: "graph.js", Loading: "loading.js" };

/**
 * Loads the files of those components in a part of the layout that are not there yet. What does not load is missing when it is drawn,
 * which is told then, and is tried again for the next part that has it.
 *
 * @param {Children} part
 * @param {Record<string, string>} addresses
 */
export async function loadComponents(part, addresses) {
  /** @type {Set<string>} */
  const missing = new Set();
  for (const { namespace, type } of componentsIn(part)) {
    if (namespace === "dash_core_components" && Object.hasOwn(files, type) && !coreComponents.has(type)) missing.add(type);
  }
  const loads = [...missing].map(async (type) => {
    const address = type in addresses ? new URL(addresses[type], document.baseURI) : new URL(files[type], import.meta.url);
    const { create } = await import(address.href);
    coreComponents.set(type, create);
  });
  await Promise.allSettled(loads);
}

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

/**
 * Why there is no such function.
 *
 * @param {string} namespace
 * @param {string} type
 */
export function absenceOf(namespace, type) {
  return namespace === "dash_core_components" && Object.hasOwn(files, type)
    ? `The file of the component ${namespace}.${type} did not load. Is the server still running?`
    : `This client does not have the component ${namespace}.${type}.`;
}
