import assert from "node:assert/strict";
import { test } from "node:test";
import { caretIn } from "../focus.js";

test("the caret stays where it is when a callback writes the text back in another form", () => {
  for (const [before, text, caret, expected] of [
    ["axbcd", "AXBCD", 2, 2],
    ["axbcd", "AXBCD", 5, 5],
    ["1234", "1,234", 4, 5],
    ["1234", "1,234", 1, 2],
    ["  ab", "ab", 3, 1],
    ["abcd", "x", 2, 1],
    ["abcd", "", 2, 0],
    ["ab", "wxyz", 1, 1],
  ]) {
    assert.equal(caretIn(before, text, caret), expected, `${before} → ${text}, ${caret}`);
  }
});
