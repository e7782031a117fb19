// The stage's curtain: a button at the foot of the page. It remembers the latest events, and loads the stage when it is to be open.

import { readBlock } from "../page.js";

/** @import { CallDetail, PageDetail } from "../types.d.ts" */

/** The most events that are remembered while the stage is shut. */
const remembered = 200;

/** Shows the button, and the stage if the reader left it open, or if this is the first visit and there are several workers. */
export function offerStage() {
  /** @type {(CallDetail | PageDetail)[]} */
  const events = [];
  /** @type {((event: CallDetail | PageDetail) => void) | null} */
  let listener = null;
  for (const name of /** @type {const} */ (["callbacks:page", "callbacks:call"])) {
    document.addEventListener(name, ({ detail }) => {
      events.push(detail);
      events.splice(0, events.length - remembered);
      listener?.(detail);
    });
  }
  for (const code of document.querySelectorAll("[data-copy]")) code.after(copyButton(code));
  const config = readBlock("_dash-config");
  const { stage, operation = null } = config.callbacks;
  const panel = document.createElement("aside");
  panel.className = "stage";
  panel.setAttribute("aria-label", "Stage");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "stage-toggle";
  panel.append(button);
  document.body.append(panel);
  /** @type {{ close: () => void } | null} */
  let shown = null;
  let open = false;
  /** @param {boolean} wanted */
  const show = async (wanted) => {
    open = wanted;
    button.textContent = open ? "Hide the stage" : "Show the stage";
    button.setAttribute("aria-expanded", String(open));
    document.documentElement.dataset.stage = open ? "open" : "closed";
    listener = null;
    shown?.close();
    shown = null;
    if (!open) return;
    if (!document.querySelector(`link[href="${stage.style}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: stage.style }));
    const { openStage } = await import(new URL(stage.script, document.baseURI).href);
    if (!open || shown) return;
    shown = openStage(panel, { server: stage, operation: operation && { ...operation, place: stage.place, kept: stage.kept }, prefix: config.requests_pathname_prefix, events: [...events], listen: (/** @type {typeof listener} */ next) => (listener = next) });
  };
  button.addEventListener("click", () => {
    store(open ? "closed" : "open");
    show(!open);
  });
  const left = store();
  show(new URLSearchParams(location.search).has("latency") || (left === null ? stage.workers > 1 : left === "open"));
}

/** @param {Element} code */
function copyButton(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent ?? "");
    button.textContent = "Copied";
  });
  return button;
}

/** How the reader left it. A browser may forbid storage: then nothing is remembered. @param {string} [state] */
function store(state) {
  try {
    if (state !== undefined) localStorage.setItem("callbacks-stage", state);
    return localStorage.getItem("callbacks-stage");
  } catch {
    return null;
  }
}
