// The build joins the modules into one file without a parser. This is the grammar that it relies on.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = [...listed("."), ...listed("components")];
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

test("every import is of the form `import { a, b } from \"./x.js\";`, at the start of a line", () => {
  for (const [name, source] of sources) {
    for (const [statement] of source.matchAll(/^import\b[^;]*;/gm)) {
      assert.match(statement, /^import \{ \w+(?:, \w+)* \} from "\.{1,2}\/[\w./-]+\.js";$/, name);
    }
    assert.doesNotMatch(source, /\bimport\(/, name);
    for (const path of importsOf(name)) assert.ok(sources.has(path), `${name} imports ${path}`);
  }
});

test("every export stands before a function, a const or a class", () => {
  for (const [name, source] of sources) {
    for (const [line] of source.matchAll(/^.*\bexport\b.*$/gm)) {
      if (/^\s*(\/\/|\*|\/\*\*)/.test(line)) continue;
      assert.match(line, /^export (async function|function\*?|const|class) \w+/, name);
    }
  }
});

test("no name of the top level occurs in two modules", () => {
  const owners = new Map();
  for (const [name, source] of sources) {
    for (const [, declared] of source.matchAll(/^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)/gm)) {
      assert.equal(owners.get(declared), undefined, `${declared} is declared in ${owners.get(declared)} and in ${name}`);
      owners.set(declared, name);
    }
  }
});

test("no module imports itself, directly or through others", () => {
  const visit = (name, path) => {
    assert.ok(!path.includes(name), [...path, name].join(" → "));
    for (const next of importsOf(name)) visit(next, [...path, name]);
  };
  for (const name of names) visit(name, []);
});

test("every module is reached from main.js, which alone does something when it is loaded", () => {
  const reached = new Set();
  const visit = (name) => {
    reached.add(name);
    for (const next of importsOf(name)) visit(next);
  };
  visit("main.js");
  assert.deepEqual([...reached].sort(), [...names].sort());
  for (const [name, source] of sources) {
    const calls = [...source.matchAll(/^[\w.]+\(.*\);$/gm)].map(([call]) => call);
    assert.deepEqual(calls, name === "main.js" ? ["main();"] : [], name);
  }
});

test("comments have their own lines and no text spans lines, so that lines can be dropped one by one", () => {
  for (const [name, source] of sources) {
    for (const line of source.split("\n")) {
      const backquotes = line.split("`").length - 1;
      assert.equal(backquotes % 2, 0, `${name}: ${line}`);
      assert.doesNotMatch(line, /[;{},)] +\/\/ /, `${name}: ${line}`);
    }
  }
});

test("no data becomes HTML or code, and no module is over 400 lines", () => {
  for (const [name, source] of sources) {
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    assert.ok(source.split("\n").length <= 400, name);
  }
});
