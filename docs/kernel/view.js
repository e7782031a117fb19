// Be the kernel, on the page: the two pages, the calls between, the workers with their variables. Every move is a button.

import { Kernel, goals } from "./model.js";

/** Between two moves of a solution, in milliseconds. */
const pace = 1100;

/** Draws the game into an element of the chapter. */
class KernelView {
  #kernel = new Kernel();
  #root;
  #board = node("div", "kernel-board");
  #settings = node("div", "kernel-settings");
  #goals = node("ol", "kernel-goals");
  #story = node("ol", "kernel-story");
  /** The show that runs; another click ends it. */
  #show = 0;

  constructor(root) {
    this.#root = root;
    this.#story.setAttribute("role", "log");
    this.#story.setAttribute("aria-label", "What has happened");
    root.replaceChildren(this.#settings, this.#board, this.#story, this.#goals);
    this.#play("two workers");
  }

  async #play(move) {
    const hadFocus = this.#root.contains(document.activeElement) ? document.activeElement?.textContent : null;
    await this.#kernel.play(move);
    this.#draw();
    if (hadFocus === null) return;
    // The button that was pressed may be gone; then another button gets the focus.
    const buttons = [...this.#root.querySelectorAll("button:enabled")];
    (buttons.find((button) => button.textContent === hadFocus) ?? this.#board.querySelector("button:enabled") ?? buttons[0])?.focus();
  }

  async #showSolution({ solution }) {
    const show = ++this.#show;
    await this.#play("close connections");
    for (const move of solution) {
      await this.#play(move);
      await new Promise((resolve) => setTimeout(resolve, pace));
      if (show !== this.#show) return;
    }
  }

  #draw() {
    const kernel = this.#kernel;
    this.#settings.replaceChildren(
      this.#button("one worker", "one worker", kernel.workers === 1),
      this.#button("two workers", "two workers", kernel.workers === 2),
      this.#button(kernel.keeps ? "close connections" : "keep connections", "keep connections", kernel.keeps),
    );
    const moves = new Set(kernel.moves());
    const calls = kernel.calls.filter(({ state }) => state === "waiting" || state === "answered");
    this.#board.replaceChildren(
      column("The pages", Object.values(kernel.people).map((page) => this.#page(page, moves))),
      column("On the way", calls.length > 0 ? calls.map((call) => this.#call(call, moves)) : [node("p", "kernel-none", "nothing")]),
      column("The workers", kernel.variables.slice(0, kernel.workers).map((stored, index) => {
        const card = node("div", `kernel-card worker-${index + 1}`);
        card.append(node("strong", "", `Worker ${index + 1}`), value("its variable", stored?.text));
        return card;
      })),
    );
    this.#goals.replaceChildren(...goals.map((goal) => this.#goal(goal)));
    this.#story.replaceChildren(...kernel.story.slice(-5).map((sentence) => node("li", "", sentence)));
  }

  #page(page, moves) {
    const card = node("div", "kernel-card");
    card.append(node("strong", "", page.name), value("field", page.text), value("heading", page.heading));
    const move = `${page.name} types`;
    if (moves.has(move)) card.append(this.#button(move, "type a letter"));
    return card;
  }

  #call(call, moves) {
    const card = node("div", `kernel-card${call.worker ? ` worker-${call.worker}` : ""}`);
    const { page, number, read, text } = call;
    const overtaken = this.#kernel.calls.some((other) => other.page === page && other.number > number) ? ", overtaken" : "";
    card.append(call.state === "answered" ? value(`answer to ${page.name}${overtaken}`, read?.text) : value(`call of ${page.name}${overtaken}`, text));
    const buttons = { [`answer ${number}`]: "let it arrive", [`call ${number} to worker 1`]: "to worker 1", [`call ${number} to worker 2`]: "to worker 2" };
    for (const [move, label] of Object.entries(buttons)) if (moves.has(move)) card.append(this.#button(move, label));
    return card;
  }

  #goal(goal) {
    const item = node("li", "", `${goal.text} `);
    if (this.#kernel.reached.has(goal.id)) item.append(node("strong", "", "Reached. "));
    item.append(node("button", "", "show me"));
    item.lastElementChild?.addEventListener("click", () => this.#showSolution(goal));
    return item;
  }

  #button(move, text, pressed) {
    const button = node("button", "", text);
    if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", () => {
      this.#show += 1;
      this.#play(move);
    });
    return button;
  }
}

function node(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  if (tag === "button") made.type = "button";
  return made;
}

function column(title, cards) {
  const made = node("section", "");
  made.append(node("h4", "", title), ...cards);
  return made;
}

function value(name, text) {
  const line = node("p", "kernel-value", `${name}: `);
  line.append(text ? node("code", "", text) : node("em", "", "empty"));
  return line;
}

new KernelView(document.getElementById("kernel") ?? document.body);
