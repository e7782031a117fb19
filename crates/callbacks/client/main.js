// The start: reads the page, puts the parts together, draws the layout and makes the initial calls.

import { loadComponents } from "./components/components.js";
import { ErrorPanel, thisPage } from "./errors.js";
import { keepFocus } from "./focus.js";
import { DependencyGraph, readDependencies } from "./graph.js";
import { PageState, dispatchPageEvent, readBlock } from "./page.js";
import { Connection, prepareCall } from "./protocol.js";
import { CallQueue } from "./queue.js";
import { Renderer } from "./render.js";
import { LayoutStore } from "./store.js";

/** @import { Children, Config, Dependency, Problem } from "./types.d.ts" */

/** @param {Config} config */
function tellPage(config) {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  /** @param {string} name */
  const timed = (name) => navigation?.serverTiming?.find((entry) => entry.name === name)?.description ?? null;
  const { done = [], initial_calls = "browser" } = config.callbacks ?? {};
  const at = navigation?.responseEnd || performance.now();
  dispatchPageEvent("page", { at, worker: timed("worker"), life: timed("life"), serverCalls: done, initialCalls: initial_calls });
}

/** Runs a function as the next task, also in a page that is not in front, where timers wait for a second. */
function nextTask() {
  const channel = new MessageChannel();
  /** @type {(() => void)[]} */
  const tasks = [];
  channel.port1.onmessage = () => tasks.shift()?.();
  /** @param {() => void} run */
  return (run) => {
    tasks.push(run);
    channel.port2.postMessage(null);
  };
}

/**
 * @param {Config} config
 * @param {Children} layout
 * @param {Dependency[]} dependencies
 * @param {Element} root
 * @param {ErrorPanel} errors
 */
function run(config, layout, dependencies, root, errors) {
  const ours = config.callbacks ?? {};
  const state = new PageState(config);
  const connection = new Connection(config, document.baseURI);
  const { callbacks, problems } = readDependencies(dependencies);
  const graph = new DependencyGraph(callbacks);
  const store = new LayoutStore(layout);
  /** @param {Problem} problem */
  const fail = (problem) => errors.show(problem);
  const renderer = new Renderer({
    set: (component, props) => queue.change(store.change(component, props)),
    hold: (work) => state.hold(work),
    plotly: ours.plotly ?? null,
    fail,
    recover: (source) => errors.clear(source),
  });
  const queue = new CallQueue(graph, {
    prepare: (callback, changed) => prepareCall(callback, changed, store),
    async post(body, callback) {
      const answer = await connection.post(body, callback);
      const { outcome } = answer;
      const written = outcome.kind === "values" ? [outcome.values, outcome.side] : [outcome.side];
      const values = written.flatMap((values) => Object.values(values)).flatMap((props) => Object.values(props));
      await loadComponents(values.flat(), ours.components ?? {});
      return answer;
    },
    apply(values) {
      const { changed, added, touched } = store.apply(values);
      keepFocus(() => {
        for (const { component, names } of touched) renderer.update(component, names);
      });
      return { changed, added };
    },
    applied: () => renderer.runAfter(),
    schedule: nextTask(),
    now: () => performance.now(),
    tell(detail) {
      if (detail.lost) console.warn(`${detail.output}: ${detail.message}`);
      if (detail.state === "done") for (const source of [detail.output, thisPage]) errors.clear(source);
      const late = detail.state === "dropped" && detail.ms !== null;
      if (!late && detail.state !== "waiting" && detail.state !== "running") state.settle();
      dispatchPageEvent("call", detail);
    },
    fail,
    progress(pending, loading) {
      state.setCalling(pending);
      renderer.markLoading(loading, (id) => store.component(id));
    },
  });

  problems.forEach(fail);
  renderer.mount(root, layout);
  dispatchPageEvent("rendered", { at: performance.now() });
  queue.start(graph.initialCallbacks(store.ids(), ours.done));
  renderer.runAfter();
}

async function main() {
  const root = document.getElementById("react-entry-point") ?? document.body.appendChild(document.createElement("div"));
  const errors = new ErrorPanel();
  try {
    /** @type {Config} */
    const config = readBlock("_dash-config") ?? {};
    errors.debug = config.callbacks?.debug ?? false;
    tellPage(config);
    const connection = new Connection(config, document.baseURI);
    const [layout, dependencies] = await Promise.all([
      readBlock("_dash-layout") ?? connection.get("_dash-layout"),
      readBlock("_dash-dependencies") ?? connection.get("_dash-dependencies"),
    ]);
    await loadComponents(layout, config.callbacks?.components ?? {});
    run(config, layout, dependencies, root, errors);
  } catch (error) {
    const detail = error instanceof Error ? error.stack : String(error);
    errors.show({ source: thisPage, message: "The page could not be started. Reload it to try again.", detail });
    root.replaceChildren();
    document.documentElement.dataset.callbacks = "idle";
  }
}

main();
