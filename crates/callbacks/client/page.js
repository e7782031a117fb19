// The page itself: the configuration it came with, its state on the root element, and its events.

/** @import { Config } from "./types.d.ts" */

/** The title changes when the page has been busy for so long, in milliseconds: a browser draws it slower than most calls are answered. */
const patience = 200;

/**
 * The JSON of one of the page's blocks, or undefined if the page has no such block.
 *
 * @param {"_dash-config" | "_dash-layout" | "_dash-dependencies"} id
 */
export function readBlock(id) {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) : undefined;
}

/**
 * @param {"page" | "rendered" | "call"} name
 * @param {object} detail
 */
export function dispatchPageEvent(name, detail) {
  document.dispatchEvent(new CustomEvent(`callbacks:${name}`, { detail }));
}

/** The state of the page, written on the root element for people, style sheets and tests. */
export class PageState {
  #root = document.documentElement;
  #title = document.title;
  #busyTitle;
  #calling = false;
  #held = 0;
  #settled = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Config} config */
  constructor(config) {
    this.#busyTitle = config.update_title;
  }

  /** One more call has ended. */
  settle() {
    this.#root.dataset.settled = String(++this.#settled);
  }

  /** @param {boolean} calling whether a call waits or runs */
  setCalling(calling) {
    this.#calling = calling;
    this.#show();
  }

  /**
   * Keeps the page busy until the work is done: a drawing that is not there yet is not settled.
   *
   * @param {Promise<unknown>} work
   */
  hold(work) {
    this.#held += 1;
    this.#show();
    const release = () => {
      this.#held -= 1;
      this.#show();
    };
    work.then(release, release);
  }

  #show() {
    const state = this.#calling || this.#held > 0 ? "busy" : "idle";
    if (this.#root.dataset.callbacks !== state) this.#root.dataset.callbacks = state;
    if (state === "idle") this.#calm();
    else if (this.#busyTitle) this.#timer ??= setTimeout(() => this.#showBusy(this.#busyTitle), patience);
  }

  /** @param {string | null | undefined} title */
  #showBusy(title) {
    if (!title || document.title === title) return;
    this.#title = document.title;
    document.title = title;
  }

  #calm() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#busyTitle && document.title === this.#busyTitle) document.title = this.#title;
  }
}
