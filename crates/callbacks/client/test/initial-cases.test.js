// The initial calls, case by case. The server reads the same cases when it makes these calls itself: `tests/wire/initial_cases.rs`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Simulation, component, depends, failure, preventUpdate } from "./simulation.js";

/** @typedef {{ output: string, inputs: string[], prevented?: boolean, answer: "prevent" | "fail" | Record<string, string> }} Case */
/** @typedef {{ calls: string[], done: string[], browser: string[] }} Server */

const cases = JSON.parse(readFileSync(new URL("initial-cases.json", import.meta.url), "utf8"));

/** @param {Case[]} callbacks */
function simulate(callbacks) {
  const dependencies = callbacks.map(({ output, inputs, prevented = false }) =>
    depends(output, inputs.join(" "), "", { prevent_initial_call: prevented }),
  );
  const answers = callbacks.map(({ output, answer }) => [output, () => read(answer)]);
  return new Simulation([..."abcde"].map((id) => component(id)), dependencies, Object.fromEntries(answers));
}

/** @param {Case["answer"]} answer */
function read(answer) {
  if (answer === "prevent") return preventUpdate;
  if (answer === "fail") return failure;
  /** @type {Record<string, Record<string, string>>} */
  const response = {};
  for (const [key, value] of Object.entries(answer)) {
    const [id, property] = key.split(".");
    (response[id] ??= {})[property] = value;
  }
  return { response };
}

for (const { name, callbacks, calls, server } of cases) {
  test(name, async () => {
    assert.deepEqual(await simulate(callbacks).open(), calls);
    const done = server?.done ?? callbacks.map((/** @type {Case} */ { output }) => output);
    assert.deepEqual(await simulate(callbacks).open(done), server?.browser ?? []);
  });
}
