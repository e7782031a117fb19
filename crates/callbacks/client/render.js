// The layout on the page: a view for each component, and the smallest change of the document for new children.

import { absenceOf, createOf } from "./components/components.js";
import { reasonOf, sentence } from "./errors.js";
import { continuedBy } from "./siblings.js";
import { deepEqual } from "./store.js";

/** @import { Child, Children, Component, Context, Create, Problem, Props, View } from "./types.d.ts" */

/**
 * What a renderer needs of the client.
 *
 * @typedef {object} RendererParts
 * @property {(component: Component, props: Props) => void} set
 * @property {(problem: Problem) => void} fail
 * @property {(source: string) => void} recover takes back what `fail` has told of this source
 * @property {(work: Promise<unknown>) => void} hold
 * @property {string | null} plotly
 */

/**
 * A component or a text on the page, with those below it in their order.
 * `thrown` is set while its own functions throw, `failing` while the error panel has a sentence of it.
 *
 * @typedef {object} Instance
 * @property {NonNullable<Child>} child
 * @property {View} view
 * @property {Instance[]} below
 * @property {boolean} [gone]
 * @property {boolean} [thrown]
 * @property {boolean} [failing]
 */

/** Draws a layout and keeps it up to date. */
export class Renderer {
  #parts;
  /** @type {WeakMap<Component, Instance>} */
  #instances = new WeakMap();
  /** @type {Map<Instance, Set<string> | null>} whose `after` has to run */
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
    this.#place(root, [], layout);
  }

  /**
   * Shows the props that were changed in the layout.
   *
   * @param {Component} component
   * @param {Set<string>} changed
   */
  update(component, changed) {
    const instance = this.#instances.get(component);
    if (instance && !instance.gone) this.#refresh(instance, changed);
  }

  /** Lets the components act that are new or were changed, after the change has been told. */
  runAfter() {
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const [instance, changed] of touched) this.#guard(instance, () => instance.view.after?.(changed));
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
      const node = component && this.#instances.get(component)?.view.node;
      if (!(node instanceof Element)) continue;
      node.setAttribute("data-dash-is-loading", "true");
      this.#marked.push(node);
    }
    for (const watcher of this.#watchers) watcher(loading);
  }

  /**
   * @param {Instance} instance
   * @param {Set<string>} changed
   */
  #refresh(instance, changed) {
    const { child, view, below } = instance;
    if (typeof child !== "object") return;
    this.#guard(instance, () => view.update?.(changed));
    if (view.slot && changed.has("children")) this.#place(view.slot, below, child.props.children);
    this.#touched.set(instance, new Set([...(this.#touched.get(instance) ?? []), ...changed]));
  }

  /**
   * Makes the nodes in `slot` those of `children`. A child that was there before keeps its element, with its focus,
   * its caret and its scroll position, and takes the new props.
   *
   * @param {Element} slot
   * @param {Instance[]} below what is there
   * @param {Children} children
   */
  #place(slot, below, children) {
    const wanted = [children].flat().filter((child) => child !== null && child !== undefined && typeof child !== "boolean");
    const before = below.splice(0);
    const continued = continuedBy(before.map(({ child }) => child), wanted);
    const kept = new Set(continued);
    // What is not wanted any more goes first, so that its neighbours need not be moved.
    for (const [index, old] of before.entries()) if (!kept.has(index)) this.#remove(old);
    const focused = [...slot.childNodes].find((node) => node.contains(document.activeElement));
    /** @type {ChildNode | null} */
    let next = slot.firstChild;
    for (const [place, child] of wanted.entries()) {
      const old = before[continued[place]];
      const instance = old ? this.#reuse(old, child) : this.#create(child);
      below.push(instance);
      const { node } = instance.view;
      // An element that is moved loses the focus, so all others are moved around it.
      if (node === next || node === focused) next = node.nextSibling;
      else move(slot, node, next);
    }
  }

  /**
   * @param {Instance} instance
   * @param {NonNullable<Child>} child
   */
  #reuse(instance, child) {
    const { child: old, view, below } = instance;
    instance.child = child;
    if (typeof child !== "object" || typeof old !== "object") {
      if (view.node.textContent !== String(child)) view.node.textContent = String(child);
      return instance;
    }
    if (old === child) return instance;
    this.#instances.set(child, instance);
    const names = new Set([...Object.keys(old.props), ...Object.keys(child.props)]);
    const changed = new Set([...names].filter((name) => name !== "children" && !deepEqual(old.props[name], child.props[name])));
    if (changed.size > 0) this.#refresh(instance, changed);
    // Also equal children are other objects than before, and have to be known by their new ones.
    if (view.slot) this.#place(view.slot, below, child.props.children);
    return instance;
  }

  /**
   * @param {NonNullable<Child>} child
   * @returns {Instance}
   */
  #create(child) {
    if (typeof child !== "object") return { child, view: { node: document.createTextNode(String(child)) }, below: [] };
    /** @type {Instance} */
    const instance = { child, view: { node: document.createTextNode("") }, below: [] };
    const context = this.#context(instance);
    try {
      instance.view = this.#creatorOf(child)(context);
      if (instance.view.slot) this.#place(instance.view.slot, instance.below, child.props.children);
    } catch (error) {
      context.fail(reasonOf(error));
      instance.view = { node: sentence(reasonOf(error)) };
    }
    this.#instances.set(child, instance);
    this.#touched.set(instance, null);
    return instance;
  }

  /**
   * @param {Component} component
   * @returns {Create}
   */
  #creatorOf(component) {
    const { namespace, type } = component;
    if (!type) throw new Error("The children hold a list within a list, or an object that is no component.");
    const create = createOf(namespace, type);
    if (!create) throw new Error(absenceOf(namespace, type));
    return create;
  }

  /**
   * @param {Instance} instance
   * @returns {Context}
   */
  #context(instance) {
    const parts = this.#parts;
    const watchers = this.#watchers;
    const component = () => /** @type {Component} */ (instance.child);
    return {
      get props() {
        return component().props ?? {};
      },
      get id() {
        return component().props?.id ?? undefined;
      },
      set: (props) => instance.gone || parts.set(component(), props),
      fail: (message) => this.#fail(instance, message),
      recover: () => this.#recover(instance),
      hold: parts.hold,
      watch: (listener) => {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
      plotly: parts.plotly,
    };
  }

  /** @param {Instance} instance */
  #remove(instance) {
    this.#forget(instance);
    instance.view.node.remove();
  }

  /** @param {Instance} instance */
  #forget(instance) {
    for (const below of instance.below) this.#forget(below);
    // A field that has the focus is left when it is taken away. That is no action of the user.
    instance.gone = true;
    instance.view.remove?.();
    this.#recover(instance);
    this.#touched.delete(instance);
  }

  /**
   * One component that fails is named on the page, and does not keep the others from working.
   *
   * @param {Instance} instance
   * @param {() => void} run
   */
  #guard(instance, run) {
    try {
      run();
      if (instance.thrown) this.#recover(instance);
    } catch (error) {
      this.#fail(instance, reasonOf(error));
      instance.thrown = true;
    }
  }

  /**
   * @param {Instance} instance
   * @param {string} message
   */
  #fail(instance, message) {
    if (typeof instance.child !== "object") return;
    instance.failing = true;
    this.#parts.fail({ source: nameOf(instance.child), message });
  }

  /** @param {Instance} instance */
  #recover(instance) {
    if (instance.failing && typeof instance.child === "object") this.#parts.recover(nameOf(instance.child));
    instance.failing = instance.thrown = false;
  }
}

/**
 * Puts a node in front of another. Where the browser can, a node that is there already keeps its state while it moves.
 *
 * @param {Element & { moveBefore?: (node: Node, next: Node | null) => void }} slot
 * @param {Node} node
 * @param {Node | null} next
 */
function move(slot, node, next) {
  if (slot.moveBefore && slot.isConnected && node.parentNode === slot) slot.moveBefore(node, next);
  else slot.insertBefore(node, next);
}

/** @param {Component} component */
function nameOf(component) {
  const { type = "children", props } = component;
  return props?.id === undefined ? type : `${type}#${props.id}`;
}
