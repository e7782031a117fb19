// @ts-check
// Lists the five steps of this page's life. It is written on the client's three events alone:
// `callbacks:page`, `callbacks:rendered` and `callbacks:call`. Times count from the moment the browser asked for the page.

/** @type {HTMLElement | null} The list, once the layout has been drawn. */
let list = null;
/** @type {{ at: number, step: number, title: string, place: string, text: string }[]} */
const steps = [];

/** Server times are since 1970, the browser's are since it asked for the page. @param {string | undefined} at */
const sinceAsked = (at) => Number(at) - performance.timeOrigin;

/** @param {number} step @param {number} at @param {string} title @param {string} place @param {string} text */
function note(step, at, title, place, text) {
  steps.push({ step, at, title, place, text });
  steps.sort((a, b) => a.at - b.at);
  draw();
}

function draw() {
  if (!list) return;
  const items = steps.map(({ step, at, title, place, text }) => {
    const item = document.createElement("li");
    item.dataset.step = String(step);
    // The circle shows the step's own number, not its place in the list: the order is the lesson.
    item.style.setProperty("counter-set", `step ${step}`);
    item.dataset.place = place;
    const heading = document.createElement("strong");
    heading.textContent = title;
    const where = document.createElement("span");
    where.className = "badge";
    where.textContent = `${place}, ${Math.max(0, at).toFixed(1)} ms`;
    const words = document.createElement("p");
    words.textContent = text;
    item.append(heading, " ", where, words);
    return item;
  });
  list.replaceChildren(...items);
}

/** @param {string | null} worker */
const server = (worker) => `server, worker ${worker ?? 1}`;

document.addEventListener("callbacks:page", (event) => {
  const { at, worker, serverCalls, initialCalls } = /** @type {CustomEvent} */ (event).detail;
  document.addEventListener("callbacks:rendered", (rendered) => {
    list = document.getElementById("steps");
    note(1, sinceAsked(list?.dataset.layoutAt), "The layout is built", server(worker),
      "The server describes the components. Nothing has been computed for them yet.");
    if (serverCalls.length > 0) {
      note(2, sinceAsked(document.getElementById("ran")?.dataset.at), "Callbacks run with the default inputs", server(worker),
        "The server called the callback itself, before it answered.");
    }
    note(3, at, "A browser session opens", "browser",
      "The page has arrived. From here on the server forgets it: all its state is in this tab.");
    note(4, /** @type {CustomEvent} */ (rendered).detail.at, "The components arrive", "browser",
      initialCalls === "server"
        ? "They are drawn with the outputs of the default inputs."
        : "They are drawn without outputs: the browser now asks for these.");
    explain(initialCalls);
  }, { once: true });
});

document.addEventListener("callbacks:call", (event) => {
  const { state, initial, worker, at, ms } = /** @type {CustomEvent} */ (event).detail;
  if (state !== "done") return;
  const took = `The browser sent the input and got the outputs back in ${ms.toFixed(1)} ms.`;
  if (initial) note(2, at, "Callbacks run with the default inputs", server(worker), took);
  else note(5, at, "An input goes to a callback, its outputs come back", server(worker), took);
});

/** @param {string} initialCalls */
function explain(initialCalls) {
  const explanation = document.getElementById("explanation");
  if (!explanation) return;
  explanation.textContent = initialCalls === "server"
    ? "Here the server makes the first calls: step 2 comes before the page arrives, and the browser sends nothing until you type. "
      + "Dash does it otherwise: start this app with “-- --initial browser”, and step 2 moves behind step 4."
    : "Here, as in Dash, the browser makes the first calls: step 2 comes after the page has arrived, and each callback costs a request. "
      + "Often it is told the other way round. Start this app with “-- --initial server”, and step 2 comes before the page arrives.";
}
