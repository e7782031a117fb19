import assert from "node:assert/strict";
import { test } from "node:test";

import { onlyStyle } from "../reload.js";

test("only a build of style sheets alone leaves the page as it is", () => {
  const style = { url: "/assets/style.css", modified: 1, is_css: true };
  const answer = (reloadHash, ...files) => ({ reloadHash, hard: true, packages: [], files });
  const known = answer("7.0");
  for (const [next, only] of [
    [answer("7.1", style), true],
    [answer("7.2", style, style), true],
    [answer("8.0"), false],
    [answer("8.1", style), false],
    [answer("7.1", style, { ...style, is_css: false }), false],
    [answer("7.1"), false],
  ]) {
    assert.equal(onlyStyle(known, next), only, JSON.stringify(next));
  }
});
