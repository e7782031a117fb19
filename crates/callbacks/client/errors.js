// The error panel: what went wrong, in words, on the page itself.

/** @import { Problem } from "./types.d.ts" */

/** The source of what concerns the page as a whole. */
export const thisPage = "This page";

/** One entry for each callback or component that failed: its latest failure, until it works again or the reader dismisses it. */
export class ErrorPanel {
  #panel = document.createElement("section");
  /** @type {Map<string, HTMLElement>} */
  #entries = new Map();
  /** Whether details are shown from the start: the page's reader is who works on the app. */
  debug = false;

  constructor() {
    this.#panel.className = "errors";
    this.#panel.setAttribute("role", "alert");
    this.#panel.setAttribute("aria-label", "Errors");
    document.body.prepend(this.#panel);
  }

  /** @param {Problem} problem */
  show({ source, message, detail }) {
    console.error(`${source}: ${message}`, detail ?? "");
    const entry = document.createElement("article");
    entry.className = "error";
    const name = document.createElement("h2");
    name.textContent = source;
    const text = document.createElement("p");
    text.textContent = message;
    entry.append(name, text);
    if (detail) entry.append(disclose(detail, this.debug));
    entry.append(this.#dismissal(source, entry));
    this.clear(source);
    this.#entries.set(source, entry);
    this.#panel.prepend(entry);
  }

  /**
   * What failed works again: its sentence goes.
   *
   * @param {string} source
   */
  clear(source) {
    this.#entries.get(source)?.remove();
    this.#entries.delete(source);
  }

  /**
   * @param {string} source
   * @param {HTMLElement} entry
   */
  #dismissal(source, entry) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", `Dismiss the error of ${source}`);
    button.addEventListener("click", () => {
      entry.remove();
    });
    return button;
  }
}

/**
 * The message of something that was thrown.
 *
 * @param {unknown} error
 */
export function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A sentence in the place of what cannot be shown.
 *
 * @param {string} text
 */
export function sentence(text) {
  const node = document.createElement("p");
  node.className = "component-error";
  node.textContent = text;
  return node;
}

/**
 * @param {string} detail
 * @param {boolean} open
 */
function disclose(detail, open) {
  const details = document.createElement("details");
  details.open = open;
  const summary = document.createElement("summary");
  summary.textContent = "Details";
  const text = document.createElement("pre");
  text.textContent = detail;
  details.append(summary, text);
  return details;
}
