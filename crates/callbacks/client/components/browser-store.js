// dcc.Store: data in the memory of the page, or in the browser's storage for this site or this tab.

import { deepEqual } from "../store.js";

/** @import { Context, View } from "../types.d.ts" */

/**
 * @typedef {object} StoreBackend
 * @property {() => unknown} read undefined or null: there is nothing
 * @property {(data: unknown) => void} write
 * @property {() => void} clear
 * @property {() => number} modified when it was written last, in milliseconds; -1: never
 */

/**
 * @param {Context} context
 * @returns {View}
 */
export function createStore(context) {
  const { storage_type = "memory" } = context.props;
  const id = String(context.id ?? "");
  const storage = storage_type === "memory" ? null : openStorage(storage_type, context);
  const backend = createBackend(storage, id, context);

  /** Another tab has written. @param {StorageEvent} event */
  const heard = ({ storageArea, key, newValue }) => {
    if (storageArea !== storage) return;
    // Everything was cleared.
    if (key === null) context.set({ data: null, modified_timestamp: -1 });
    if (key === id) context.set({ data: parse(newValue) });
    if (key === stampOf(id)) context.set({ modified_timestamp: Number(newValue) || -1 });
  };
  if (storage) window.addEventListener("storage", heard);

  return {
    // A Store has no element. An empty text keeps its place among its siblings.
    node: document.createTextNode(""),
    after(changed) {
      if (changed === null) openStore(context, backend);
      else if (changed.has("clear_data") && context.props.clear_data) {
        backend.clear();
        context.set({ data: null, clear_data: false, modified_timestamp: backend.modified() });
      } else if (changed.has("data") && !deepEqual(backend.read(), context.props.data)) {
        backend.write(context.props.data);
        context.set({ modified_timestamp: backend.modified() });
      }
    },
    remove: () => window.removeEventListener("storage", heard),
  };
}

/**
 * What is in the storage goes before what is in the layout; what is in the layout is stored if there is nothing.
 *
 * @param {Context} context
 * @param {StoreBackend} backend
 */
function openStore({ props, set }, backend) {
  const stored = backend.read();
  const given = props.data;
  if ((stored ?? null) === null && (given ?? null) !== null) {
    backend.write(given);
    set({ modified_timestamp: backend.modified() });
  } else if (stored !== undefined && !deepEqual(stored, given)) {
    set({ data: stored, modified_timestamp: backend.modified() });
  }
}

/**
 * The data of a Store without storage is kept here, and so is what does not fit into the storage.
 *
 * @param {Storage | null} storage
 * @param {string} id
 * @param {Context} context
 * @returns {StoreBackend}
 */
function createBackend(storage, id, context) {
  const stamp = stampOf(id);
  /** @type {{ data: unknown, modified: number } | null} */
  let kept = null;
  return {
    read: () => (kept ? kept.data : storage ? parse(storage.getItem(id)) : undefined),
    modified: () => kept?.modified ?? (Number(storage?.getItem(stamp)) || -1),
    write(data) {
      kept = { data, modified: Date.now() };
      if (!storage) return;
      const text = JSON.stringify(data ?? null);
      try {
        storage.setItem(id, text);
        storage.setItem(stamp, String(kept.modified));
        kept = null;
        context.recover();
      } catch (error) {
        const size = `${Math.ceil(text.length / 1024)} KiB`;
        const full = error instanceof DOMException && error.name === "QuotaExceededError";
        const reason = full ? "there is no room for it" : String(error);
        context.fail(`The browser's storage did not take the data (${size}): ${reason}. It is kept until the page is closed.`);
      }
    },
    clear() {
      kept = storage ? null : { data: null, modified: Date.now() };
      storage?.removeItem(id);
      storage?.removeItem(stamp);
    },
  };
}

/**
 * @param {string} kind
 * @param {Context} context
 * @returns {Storage | null}
 */
function openStorage(kind, context) {
  try {
    const storage = kind === "local" ? window.localStorage : window.sessionStorage;
    storage.getItem("");
    return storage;
  } catch {
    context.fail(`The browser does not allow ${kind} storage on this page. The data is kept until the page is closed.`);
    return null;
  }
}

/** @param {string} id */
function stampOf(id) {
  return `${id}-timestamp`;
}

/** @param {string | null} text what is no JSON counts as nothing */
function parse(text) {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
