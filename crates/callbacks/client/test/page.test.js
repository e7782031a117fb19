import assert from "node:assert/strict";
import { test } from "node:test";

test("the title changes when the page has been busy for 200 ms, to what the configuration names, and never without it", async (t) => {
  const root = { dataset: {} };
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = { documentElement: root, title: "Towns" };
  const { PageState } = await import("../page.js");
  for (const [config, busy] of [[{ update_title: "Updating..." }, "Updating..."], [{ update_title: null }, "Towns"], [{}, "Towns"]]) {
    const page = new PageState(config);
    page.setCalling(true);
    t.mock.timers.tick(199);
    assert.deepEqual([document.title, root.dataset.callbacks], ["Towns", "busy"]);
    t.mock.timers.tick(1);
    assert.deepEqual([document.title, root.dataset.callbacks], [busy, "busy"]);
    page.setCalling(false);
    assert.deepEqual([document.title, root.dataset.callbacks], ["Towns", "idle"]);
    page.setCalling(true);
    t.mock.timers.tick(150);
    page.setCalling(false);
    t.mock.timers.tick(150);
    assert.equal(document.title, "Towns", "a page that was busy for less");
  }
  delete globalThis.document;
});
