// What a hand can do on the stage: slow the network, kill or pause a worker, open another person's window, run it another way.

import { element } from "./element.js";

/** @import { Operation, OrderEntry, Server } from "./types.d.ts" */

/** A network that is slow in both directions, for as long as it is not ended. */
export class SlowNetwork {
  /** Milliseconds on the way there, and on the way back. */
  delays = { posts: 0, answers: 0 };
  #fetch = window.fetch;

  constructor() {
    const [posts, answers = posts] = (new URLSearchParams(location.search).get("latency") ?? "0").split(",").map((part) => Math.min(2000, Math.max(0, Number(part) || 0)));
    this.delays = { posts, answers };
    window.fetch = async (input, init) => {
      if (!String(input).includes("_dash-update-component")) return this.#fetch.call(window, input, init);
      await wait(this.delays.posts);
      const answer = await this.#fetch.call(window, input, init);
      await wait(this.delays.answers);
      return answer;
    };
  }

  end() {
    window.fetch = this.#fetch;
  }

  controls() {
    return /** @type {const} */ (["posts", "answers"]).map((name) => {
      const label = element("label", "stage-slow", `${name} take `);
      const slider = element("input");
      const output = element("output", "", `${this.delays[name]} ms`);
      Object.assign(slider, { type: "range", min: "0", max: "2000", step: "50", value: String(this.delays[name]) });
      slider.addEventListener("input", () => {
        this.delays[name] = Number(slider.value);
        output.value = `${slider.value} ms`;
      });
      label.append(slider, output);
      return label;
    });
  }
}

/** @param {number} ms */
function wait(ms) {
  return ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Tells the supervisor to kill or pause a worker.
 *
 * @param {string} prefix
 * @param {"kill" | "pause"} kind
 * @param {number} worker
 * @returns {Promise<OrderEntry>} it fails with the sentence of whoever refuses
 */
export async function order(prefix, kind, worker) {
  const seconds = kind === "pause" ? 3 : undefined;
  const answer = await fetch(`${prefix}_workers/${worker}/${kind}${seconds ? `?seconds=${seconds}` : ""}`, { method: "POST" });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return { kind, at: Date.now(), worker: body.worker, life: body.life, seconds };
}

/**
 * A window for another person.
 *
 * @param {string} person who is here
 * @param {Operation | null} operation
 */
export function secondPerson(person, operation) {
  const other = person === "A" ? "B" : "A";
  const address = new URL(location.href);
  address.searchParams.set("person", other);
  const link = element("a", "", `Open a window for person ${other}`);
  Object.assign(link, { href: address.href, target: "_blank" });
  const note = "Without a name, a cookie makes both windows one person: give each another name of the session, or open this address in a private window.";
  return operation?.kind === "swap" && operation.key ? [link, element("span", "stage-quiet", note)] : [link];
}

/** The command for another number of workers. @param {Server} server */
export function otherRuns({ command, options = "", workers, keep_alive = false }) {
  if (command === undefined) return [];
  const count = element("select");
  for (const number of new Set([1, 2, 8, workers])) count.add(new Option(`${number}`, `${number}`, false, number === workers));
  const kept = element("input");
  Object.assign(kept, { type: "checkbox", checked: keep_alive });
  const code = element("code");
  const write = () => (code.textContent = `${command} --workers ${count.value}${kept.checked ? " --keep-alive" : ""}${options}`);
  for (const input of [count, kept]) input.addEventListener("change", write);
  write();
  const [workersLabel, keptLabel] = [element("label", "", "Workers "), element("label", "", " keep connections alive")];
  workersLabel.append(count);
  keptLabel.prepend(kept);
  const copy = element("button", "copy", "Copy");
  copy.type = "button";
  copy.addEventListener("click", () => navigator.clipboard?.writeText(code.textContent ?? ""));
  const line = element("p", "stage-command");
  line.append(code, copy);
  return [workersLabel, keptLabel, line];
}
