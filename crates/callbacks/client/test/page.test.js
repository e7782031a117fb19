import assert from "node:assert/strict";
import { test } from "node:test";

test("the title changes while the page is busy, to what the configuration names, and never without it", async () => {
  const root = { dataset: {} };
  globalThis.document = { documentElement: root, title: "Towns" };
  const { PageState } = await import("../page.js");
  for (const [config, busy] of [[{ update_title: "Updating..." }, "Updating..."], [{ update_title: null }, "Towns"], [{}, "Towns"]]) {
    const page = new PageState(config);
    page.setCalling(true);
    assert.deepEqual([document.title, root.dataset.callbacks], [busy, "busy"]);
    page.setCalling(false);
    assert.deepEqual([document.title, root.dataset.callbacks], ["Towns", "idle"]);
  }
  delete globalThis.document;
});
