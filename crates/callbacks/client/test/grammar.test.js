// What the build does not check when it joins the modules into one file: see `build/join.rs`.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = [...listed("."), ...listed("components"), ...listed("stage")];
const sources = new Map(names.map((name) => [name, readFileSync(join(root, name), "utf8")]));

function listed(folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".js"))
    .map((name) => normalize(join(folder, name)));
}

/** The modules that a module imports. */
function importsOf(name) {
  const paths = [...sources.get(name).matchAll(/^import [^;]*? from "([^"]+)";$/gm)].map(([, path]) => path);
  return paths.map((path) => normalize(join(dirname(name), path)));
}

/** The modules that the build's files begin with. */
const entries = [...readFileSync(join(root, "../build/main.rs"), "utf8").matchAll(/"([\w/-]+\.js)",\s+"(?:export|offerStage|new |")/g)].map(([, name]) => name);

test("every module is in one of the files of the build, and main.js alone does something when it is loaded", () => {
  const reached = new Set();
  const visit = (name) => {
    reached.add(name);
    for (const next of importsOf(name)) visit(next);
  };
  assert.deepEqual(entries, ["main.js", "stage/opener.js", "stage/panel.js", "reload.js", "components/figure.js", "components/dropdown.js", "components/loading.js"]);
  entries.forEach(visit);
  assert.deepEqual([...reached].sort(), [...names].sort());
  for (const [name, source] of sources) {
    const calls = [...source.matchAll(/^[\w.]+\(.*\);$/gm)].map(([call]) => call);
    assert.deepEqual(calls, name === "main.js" ? ["main();"] : [], name);
  }
});

test("comments have their own lines, so that lines can be dropped one by one", () => {
  for (const [name, source] of sources) {
    for (const line of source.split("\n")) assert.doesNotMatch(line, /[;{},)] +\/\/ /, `${name}: ${line}`);
  }
});

test("no data becomes HTML or code, and no module is over 400 lines", () => {
  for (const [name, source] of sources) {
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    assert.ok(source.split("\n").length <= 400, name);
  }
});
