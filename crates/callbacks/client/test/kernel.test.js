import assert from "node:assert/strict";
import { test } from "node:test";

import { Kernel, goals } from "../../../../docs/kernel/model.js";

for (const { id, text, solution } of goals) {
  test(`the solution reaches its goal with its last move, and no other goal: ${text}`, async () => {
    const kernel = new Kernel();
    for (const move of solution) {
      assert.deepEqual([...kernel.reached], []);
      await kernel.play(move);
    }
    assert.deepEqual([...kernel.reached], [id]);
  });
}

test("the heading shows what the worker held, and the worker what it was given", async () => {
  const kernel = new Kernel();
  for (const move of ["two workers", "A types", "call 1 to worker 2", "answer 1", "B types", "call 2 to worker 2"]) await kernel.play(move);
  assert.deepEqual(kernel.variables.map((stored) => stored?.text ?? null), [null, "B"]);
  assert.equal(kernel.people.B.heading, "");
  await kernel.play("answer 2");
  assert.equal(kernel.people.B.heading, "A");
  assert.match(kernel.story.at(-1), /B’s heading shows “A”/);
});

test("a move that cannot be made is refused, and a kept connection leaves one worker", async () => {
  const kernel = new Kernel();
  await assert.rejects(() => kernel.play("answer 1"), /cannot be played now/);
  for (const move of ["keep connections", "A types", "call 1 to worker 1", "answer 1", "A types"]) await kernel.play(move);
  assert.deepEqual(kernel.moves(), ["A types", "B types", "call 2 to worker 1"]);
});

test("whatever is played, the story goes on and nothing is lost", async () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let game = 0; game < 200; game += 1) {
    const kernel = new Kernel();
    await kernel.play(["one worker", "two workers", "keep connections"][random(3)]);
    for (let moves = kernel.moves(); moves.length > 0; moves = kernel.moves()) await kernel.play(moves[random(moves.length)]);
    assert.ok(kernel.calls.every(({ state }) => state === "shown" || state === "dropped"), kernel.story.join("\n"));
    for (const page of Object.values(kernel.people)) assert.equal(page.text.length, 3);
  }
});
