// Development: a page that follows the program while somebody works on it. Only a page of `cargo xtask run --watch` loads this file.

/** @import { Config, ReloadAnswer } from "./types.d.ts" */

/** How the marks look. The page's own style sheet has nothing of it, so that other pages need not load it. */
const marks = [
  ".reload-away { position: fixed; inset: auto 1rem 1rem auto; z-index: 40; margin: 0; padding: 0.5em 1em; border-radius: 0.6em; background: var(--ink, #222); color: var(--page, #fff); font: 0.875rem/1.4 var(--text, sans-serif); }",
  ".reload-error { position: fixed; inset: 0; z-index: 40; margin: 0; overflow: auto; padding: clamp(1rem, 5vw, 3rem); background: var(--page, #fff); color: var(--ink, #222); }",
  ".reload-error h2 { margin: 0 0 0.75rem; color: var(--bad, #a00); font-size: 1.25rem; }",
  ".reload-error pre { margin: 0; padding: 1em; border-inline-start: 0.3rem solid var(--bad, #a00); background: var(--sunken, #eee); white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }",
].join("\n");

/** Asks at a steady pace which program answers, and lets the page follow. */
export class PageReload {
  #address;
  #interval;
  /** The answer that the page is as old as. @type {ReloadAnswer | undefined} */
  #known;
  #error = "";
  /** @type {HTMLElement | null} */
  #overlay = null;
  /** @type {HTMLElement | null} */
  #away = null;

  /** @param {Config} config */
  constructor(config) {
    this.#address = new URL(`${config.requests_pathname_prefix ?? "/"}_reload-hash`, document.baseURI).href;
    this.#interval = config.hot_reload?.interval ?? 500;
    this.#known = config.callbacks?.reload;
  }

  start() {
    const style = new CSSStyleSheet();
    style.replaceSync(marks);
    document.adoptedStyleSheets.push(style);
    if (this.#known) this.#showError(this.#known);
    this.#askLater();
  }

  #askLater() {
    setTimeout(() => this.#ask().finally(() => this.#askLater()), this.#interval);
  }

  async #ask() {
    /** @type {ReloadAnswer} */
    let answer;
    try {
      const response = await fetch(this.#address, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!response.ok) throw new Error(`status ${response.status}`);
      answer = await response.json();
    } catch {
      this.#showAway();
      return;
    }
    this.#away?.remove();
    this.#away = null;
    this.#showError(answer);
    this.#known ??= answer;
    if (answer.reloadHash === null || answer.reloadHash === this.#known.reloadHash) return;
    if (onlyStyle(this.#known, answer)) {
      this.#known = answer;
      await exchangeStyles(answer.reloadHash);
    } else location.reload();
  }

  #showAway() {
    if (this.#away) return;
    this.#away = mark("p", "reload-away", "status");
    this.#away.textContent = "The server is away. This page comes back with it.";
  }

  /** @param {ReloadAnswer} answer */
  #showError({ error }) {
    const text = error ? `${error.message}\n${error.detail}` : "";
    if (text === this.#error) return;
    this.#error = text;
    this.#overlay?.remove();
    this.#overlay = null;
    if (!error) return;
    this.#overlay = mark("section", "reload-error", "alert");
    const message = document.createElement("h2");
    message.textContent = error.message;
    const detail = document.createElement("pre");
    detail.textContent = error.detail;
    this.#overlay.append(message, detail);
  }
}

/**
 * The part of the hash before the dot changes with the program, the part behind it with the style sheets.
 *
 * @param {ReloadAnswer} known
 * @param {ReloadAnswer} answer
 */
export function onlyStyle(known, answer) {
  const program = (/** @type {ReloadAnswer} */ { reloadHash }) => String(reloadHash).split(".")[0];
  return program(known) === program(answer) && answer.files.length > 0 && answer.files.every((file) => file.is_css);
}

/**
 * Loads the app's style sheets anew, and takes each old one away when the new one is there: the page is never without.
 *
 * @param {string} version
 */
async function exchangeStyles(version) {
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[rel=stylesheet]"));
  for (const old of links) {
    const address = new URL(old.href);
    if (address.origin !== location.origin) continue;
    address.search = `?build=${version}`;
    const link = /** @type {HTMLLinkElement} */ (old.cloneNode());
    link.href = address.href;
    await new Promise((resolve) => {
      link.addEventListener("load", resolve);
      link.addEventListener("error", resolve);
      old.after(link);
    });
    old.remove();
  }
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} role
 */
function mark(tag, className, role) {
  const node = document.createElement(tag);
  node.className = className;
  node.setAttribute("role", role);
  document.body.append(node);
  return node;
}
