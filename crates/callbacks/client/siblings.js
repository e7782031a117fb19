// Which of the children that were there each new child continues. Pure: what continues keeps its element, its focus and its scroll position.

import { idsIn } from "./store.js";

/** @import { Child, Component } from "./types.d.ts" */

/**
 * For each new child the index of the old one that it continues, or -1 for one that has to be created.
 * Children with an id are recognised by it. Others are recognised by an id within them, so that a box without an id
 * does not lose the field in it when a box before it goes; and what then remains, by its order among its kind.
 *
 * @param {Child[]} before
 * @param {Child[]} children
 * @returns {number[]}
 */
export function continuedBy(before, children) {
  const owners = ownersOf(before);
  const free = new Set(before.keys());
  /** @param {number | undefined} index */
  const take = (index) => (index !== undefined && free.delete(index) ? index : -1);
  const found = children.map((child) => {
    const kind = kindOf(child);
    return marksOf(child).reduce((index, mark) => (index >= 0 ? index : take(owners.get(`${kind} ${mark}`))), -1);
  });
  /** @type {Map<string, number[]>} */
  const rest = new Map();
  for (const index of free) {
    if (hasId(before[index])) continue;
    const kind = kindOf(before[index]);
    const others = rest.get(kind);
    if (others) others.push(index);
    else rest.set(kind, [index]);
  }
  return found.map((index, place) => (index >= 0 || hasId(children[place]) ? index : (rest.get(kindOf(children[place]))?.shift() ?? -1)));
}

/** The old children by what they are recognised by. @param {Child[]} children */
function ownersOf(children) {
  /** @type {Map<string, number>} */
  const owners = new Map();
  for (const [index, child] of children.entries()) {
    for (const mark of marksOf(child)) {
      const key = `${kindOf(child)} ${mark}`;
      if (!owners.has(key)) owners.set(key, index);
    }
  }
  return owners;
}

/** @param {Child} child */
function kindOf(child) {
  return isComponent(child) ? `${child.namespace}.${child.type}` : "text";
}

/** Its own id, or the ids within it. @param {Child} child */
function marksOf(child) {
  if (!isComponent(child)) return [];
  return hasId(child) ? [`#${child.props.id}`] : idsIn(child).map((id) => `with #${id}`);
}

/** @param {Child} child */
function hasId(child) {
  return isComponent(child) && child.props?.id !== undefined && child.props.id !== null;
}

/**
 * @param {Child} child
 * @returns {child is Component}
 */
function isComponent(child) {
  return typeof child === "object" && child !== null;
}
