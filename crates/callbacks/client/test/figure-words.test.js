import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFigure, refusedMap } from "../components/figure-words.js";

test("a figure is described by its title, its axes and its traces", () => {
  const bars = { type: "bar", name: "people", x: [1, 2, 3], y: [4, 5, 6] };
  assert.equal(describeFigure({ data: [bars], layout: { title: { text: "Towns" } } }, "g"), "Graph: Towns; people, bar, 3 points");
  const axes = { xaxis: { title: "year" }, yaxis: { title: { text: "people" } } };
  assert.equal(describeFigure({ data: [{ x: [1] }], layout: axes }, "g"), "Graph: people over year; scatter, 1 points");
  assert.equal(describeFigure(null, "g"), "Graph: g");
});

test("a trace that is no object is passed over, as plotly.js does", () => {
  assert.equal(describeFigure({ data: [null, 5, { y: [1, 2] }] }, "g"), "Graph: g; scatter, 2 points");
  assert.equal(refusedMap({ data: [null, undefined] }), null);
});

test("a map is refused in words, before plotly.js asks another host for it", () => {
  for (const type of ["choropleth", "scattergeo", "scattermap", "densitymapbox"]) {
    assert.match(refusedMap({ data: [{ type }] }) ?? "", new RegExp(`^A map \\(\`${type}\`\\) is not drawn here`));
  }
  for (const type of ["heatmap", "treemap", "scatter", undefined]) assert.equal(refusedMap({ data: [{ type }] }), null);
});
