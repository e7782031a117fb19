// The layout and the props of its components, by id. Pure: it knows nothing of the page that shows it.

/** @import { Children, Component, Props, Values } from "./types.d.ts" */

/** Props besides `children` that hold components. @type {Record<string, string[]>} */
const componentProps = { "dash_core_components.Loading": ["custom_spinner"], "dash_core_components.Tab": ["label"] };

/** The layout: a tree of components, whose props are changed in place, and the same components by id. */
export class LayoutStore {
  /** @type {Map<string, Component>} */
  #components = new Map();

  /** @param {Children} layout */
  constructor(layout) {
    this.layout = layout;
    this.#register(layout);
  }

  /** @param {string} id */
  component(id) {
    return this.#components.get(id);
  }

  /** All ids, in the order of the layout. */
  ids() {
    return idsIn(this.layout);
  }

  /**
   * A component's own change. Returns the keys of the properties that are really different now.
   *
   * @param {Component} component
   * @param {Props} props
   * @returns {string[]}
   */
  change(component, props) {
    const changed = Object.keys(props).filter((name) => !deepEqual(component.props[name], props[name]));
    for (const name of changed) component.props[name] = props[name];
    const { id } = component.props;
    return id === undefined ? [] : changed.map((name) => `${id}.${name}`);
  }

  /**
   * Takes the values of an answer. Every property in it counts as changed, also one with its old value;
   * ids that are not in the layout are passed over. `added` are the ids of new parts of the layout.
   *
   * @param {Values} values
   */
  apply(values) {
    /** @type {string[]} */
    const changed = [];
    /** @type {string[]} */
    const added = [];
    /** @type {{ component: Component, names: Set<string> }[]} */
    const touched = [];
    for (const [id, props] of Object.entries(values)) {
      const component = this.#components.get(id);
      if (!component) continue;
      for (const [name, value] of Object.entries(props)) {
        changed.push(`${id}.${name}`);
        if (holdsComponents(component, name)) {
          added.push(...this.#replace(component.props[name], value));
        }
        component.props[name] = value;
      }
      touched.push({ component, names: new Set(Object.keys(props)) });
    }
    return { changed, added, touched };
  }

  /**
   * Forgets the components of one part and learns those of another. An id that has already moved to
   * another component of the same answer stays with that one.
   *
   * @param {Children} old
   * @param {Children} part
   */
  #replace(old, part) {
    for (const component of componentsIn(old)) {
      const { id } = component.props;
      if (this.#components.get(id) === component) this.#components.delete(id);
    }
    return this.#register(part);
  }

  /** @param {Children} part */
  #register(part) {
    /** @type {string[]} */
    const ids = [];
    for (const component of componentsIn(part)) {
      const { id } = component.props;
      if (id === undefined || id === null) continue;
      this.#components.set(id, component);
      ids.push(id);
    }
    return ids;
  }
}

/**
 * @param {Component} component
 * @param {string} name
 */
function holdsComponents({ namespace, type }, name) {
  return name === "children" || componentProps[`${namespace}.${type}`]?.includes(name);
}

/**
 * All components of a part of the layout, each before its children.
 *
 * @param {Children} part
 * @returns {Generator<Component>}
 */
export function* componentsIn(part) {
  for (const child of Array.isArray(part) ? part : [part]) {
    if (typeof child !== "object" || child === null || !child.props) continue;
    yield child;
    for (const name of ["children", ...(componentProps[`${child.namespace}.${child.type}`] ?? [])]) {
      yield* componentsIn(child.props[name]);
    }
  }
}

/**
 * @param {Children} part
 * @returns {string[]}
 */
export function idsIn(part) {
  return [...componentsIn(part)].map((component) => component.props.id).filter((id) => id !== undefined && id !== null);
}

/**
 * Whether two JSON values are the same. A missing value and null are not.
 *
 * @param {any} left
 * @param {any} right
 * @returns {boolean}
 */
export function deepEqual(left, right) {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && deepEqual(left[key], right[key]));
}
