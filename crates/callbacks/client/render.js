// The layout on the page: a view for each component, and the smallest change of the document for new children.

import { createOf } from "./components/components.js";
import { reasonOf, sentence } from "./errors.js";
import { deepEqual } from "./store.js";

/** @import { Child, Children, Component, Context, Create, Problem, Props, View } from "./types.d.ts" */

/**
 * What a renderer needs of the client.
 *
 * @typedef {object} RendererParts
 * @property {(component: Component, props: Props) => void} set
 * @property {(problem: Problem) => void} fail
 * @property {(work: Promise<unknown>) => void} hold
 * @property {string | null} plotly
 */

/**
 * A component or a text on the page, with those below it by key.
 *
 * @typedef {{ component: Component | null, view: View, below: Map<string, Mounted>, gone?: boolean }} Mounted
 */

/** Draws a layout and keeps it up to date. */
export class Renderer {
  #parts;
  /** @type {WeakMap<Component, Mounted>} */
  #mounted = new WeakMap();
  /** @type {Map<Mounted, Set<string> | null>} whose `after` has to run */
  #touched = new Map();
  /** @type {Set<(loading: Set<string>) => void>} */
  #watchers = new Set();
  /** @type {Set<string>} */
  #loading = new Set();
  /** @type {Element[]} */
  #marked = [];

  /** @param {RendererParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Puts a layout in the place of everything in `root`.
   *
   * @param {Element} root
   * @param {Children} layout
   */
  mount(root, layout) {
    root.replaceChildren();
    this.#place(root, new Map(), layout);
  }

  /**
   * Shows the props that were changed in the layout.
   *
   * @param {Component} component
   * @param {Set<string>} changed
   */
  update(component, changed) {
    const mounted = this.#mounted.get(component);
    if (mounted) this.#refresh(mounted, changed);
  }

  /** Lets the components act that are new or were changed, after the change has been told. */
  runAfter() {
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const [mounted, changed] of touched) this.#guard(mounted, () => mounted.view.after?.(changed));
  }

  /**
   * Marks the components whose properties are being computed.
   *
   * @param {Set<string>} loading keys of properties
   * @param {(id: string) => Component | undefined} find
   */
  markLoading(loading, find) {
    if (deepEqual([...loading], [...this.#loading])) return;
    this.#loading = loading;
    for (const element of this.#marked) element.removeAttribute("data-dash-is-loading");
    this.#marked = [];
    for (const key of loading) {
      const component = find(key.slice(0, key.lastIndexOf(".")));
      const node = component && this.#mounted.get(component)?.view.node;
      if (!(node instanceof Element)) continue;
      node.setAttribute("data-dash-is-loading", "true");
      this.#marked.push(node);
    }
    for (const watcher of this.#watchers) watcher(loading);
  }

  /**
   * @param {Mounted} mounted
   * @param {Set<string>} changed
   */
  #refresh(mounted, changed) {
    const { component, view, below } = mounted;
    if (!component) return;
    this.#guard(mounted, () => view.update?.(changed));
    if (view.slot && changed.has("children")) this.#place(view.slot, below, component.props.children);
    this.#touched.set(mounted, new Set([...(this.#touched.get(mounted) ?? []), ...changed]));
  }

  /**
   * Makes the nodes in `slot` those of `children`. A component of the same type and id stays where it is,
   * with its focus and its caret, and takes the new props.
   *
   * @param {Element} slot
   * @param {Map<string, Mounted>} below what is there
   * @param {Children} children
   */
  #place(slot, below, children) {
    const before = new Map(below);
    below.clear();
    /** @type {ChildNode | null} */
    let next = slot.firstChild;
    for (const [index, child] of (Array.isArray(children) ? children : [children]).entries()) {
      if (child === null || child === undefined || typeof child === "boolean") continue;
      const key = keyOf(child, index, below);
      const old = before.get(key);
      const mounted = old ? this.#reuse(old, child) : this.#create(child);
      before.delete(key);
      below.set(key, mounted);
      const { node } = mounted.view;
      if (node === next) next = next.nextSibling;
      else slot.insertBefore(node, next);
    }
    for (const old of before.values()) this.#remove(old);
  }

  /**
   * @param {Mounted} mounted
   * @param {NonNullable<Child>} child
   */
  #reuse(mounted, child) {
    const { component: old, view, below } = mounted;
    if (typeof child !== "object" || !old) {
      if (view.node.textContent !== String(child)) view.node.textContent = String(child);
      return mounted;
    }
    if (old === child) return mounted;
    mounted.component = child;
    this.#mounted.set(child, mounted);
    const names = new Set([...Object.keys(old.props), ...Object.keys(child.props)]);
    const changed = new Set([...names].filter((name) => name !== "children" && !deepEqual(old.props[name], child.props[name])));
    if (changed.size > 0) this.#refresh(mounted, changed);
    // Also equal children are other objects than before, and have to be known by their new ones.
    if (view.slot) this.#place(view.slot, below, child.props.children);
    return mounted;
  }

  /**
   * @param {NonNullable<Child>} child
   * @returns {Mounted}
   */
  #create(child) {
    if (typeof child !== "object") {
      return { component: null, view: { node: document.createTextNode(String(child)) }, below: new Map() };
    }
    /** @type {Mounted} */
    const mounted = { component: child, view: { node: document.createTextNode("") }, below: new Map() };
    const context = this.#context(mounted);
    try {
      mounted.view = this.#creatorOf(child)(context);
      if (mounted.view.slot) this.#place(mounted.view.slot, mounted.below, child.props.children);
    } catch (error) {
      context.fail(reasonOf(error));
      mounted.view = { node: sentence(reasonOf(error)) };
    }
    this.#mounted.set(child, mounted);
    this.#touched.set(mounted, null);
    return mounted;
  }

  /**
   * @param {Component} component
   * @returns {Create}
   */
  #creatorOf(component) {
    const { namespace, type } = component;
    if (!type) throw new Error("The children hold a list within a list, or an object that is no component.");
    const create = createOf(namespace, type);
    if (!create) throw new Error(`This client does not have the component ${namespace}.${type}.`);
    return create;
  }

  /**
   * @param {Mounted} mounted
   * @returns {Context}
   */
  #context(mounted) {
    const parts = this.#parts;
    const watchers = this.#watchers;
    const component = () => /** @type {Component} */ (mounted.component);
    return {
      get props() {
        return component().props ?? {};
      },
      get id() {
        return component().props?.id ?? undefined;
      },
      set: (props) => mounted.gone || parts.set(component(), props),
      fail: (message) => parts.fail({ source: nameOf(component()), message }),
      hold: parts.hold,
      watch: (listener) => {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
      plotly: parts.plotly,
    };
  }

  /** @param {Mounted} mounted */
  #remove(mounted) {
    this.#forget(mounted);
    mounted.view.node.remove();
  }

  /** @param {Mounted} mounted */
  #forget(mounted) {
    for (const below of mounted.below.values()) this.#forget(below);
    // A field that has the focus is left when it is taken away. That is no action of the user.
    mounted.gone = true;
    mounted.view.remove?.();
    this.#touched.delete(mounted);
  }

  /**
   * One component that fails is named on the page, and does not keep the others from working.
   *
   * @param {Mounted} mounted
   * @param {() => void} run
   */
  #guard(mounted, run) {
    try {
      run();
    } catch (error) {
      if (mounted.component) this.#parts.fail({ source: nameOf(mounted.component), message: reasonOf(error) });
    }
  }
}

/**
 * What a child is recognised by among the children that were there before: its id, or else its place.
 *
 * @param {NonNullable<Child>} child
 * @param {number} index
 * @param {Map<string, unknown>} taken
 */
function keyOf(child, index, taken) {
  if (typeof child !== "object") return `text ${index}`;
  const key = `${child.namespace}.${child.type} ${child.props?.id ?? ""}`;
  return child.props?.id === undefined || taken.has(key) ? `${key} ${index}` : key;
}

/** @param {Component} component */
function nameOf(component) {
  const { type = "children", props } = component;
  return props?.id === undefined ? type : `${type}#${props.id}`;
}
