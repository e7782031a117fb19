import assert from "node:assert/strict";
import { test } from "node:test";
import { readPoints, withLayoutChanges, withTraceChanges } from "../components/figure-events.js";

test("a point has its plain values, its customdata, its box and the numbers of what a bar counts", () => {
  const point = { curveNumber: 0, x: 1, data: {}, xaxis: {}, bbox: { x0: 1 }, customdata: ["c"], pointNumbers: [3, 4] };
  assert.deepEqual(readPoints({ points: [point], event: {} }), {
    points: [{ curveNumber: 0, x: 1, bbox: { x0: 1 }, customdata: ["c"], pointNumbers: [3, 4] }],
  });
});

test("a selection has its range or its lasso", () => {
  assert.deepEqual(readPoints({ points: [], range: { x: [0, 1] } }), { points: [], range: { x: [0, 1] } });
  assert.deepEqual(readPoints({ points: [], lassoPoints: { x: [0] } }), { points: [], lassoPoints: { x: [0] } });
});

test("after a zoom the figure has the ranges, and is another object than before", () => {
  const figure = { data: [1], layout: { title: "t", xaxis: { autorange: true } } };
  const zoomed = withLayoutChanges(figure, { "xaxis.range[0]": 1, "xaxis.range[1]": 2, "yaxis.range": [3, 4], dragmode: "pan" });
  assert.deepEqual(zoomed, {
    data: [1],
    layout: { title: "t", xaxis: { autorange: false, range: [1, 2] }, yaxis: { range: [3, 4] }, dragmode: "pan" },
  });
  assert.deepEqual(figure.layout, { title: "t", xaxis: { autorange: true } });
  assert.deepEqual(withLayoutChanges(undefined, { "shapes[0].x0": 1 }), { layout: { shapes: [{ x0: 1 }] } });
});

test("after a click on the legend the trace is hidden in the figure", () => {
  const figure = { data: [{ name: "a" }, { name: "b" }, { name: "c" }] };
  const hidden = withTraceChanges(figure, [{ visible: ["legendonly", true] }, [1, 2]]);
  assert.deepEqual(hidden.data, [{ name: "a" }, { name: "b", visible: "legendonly" }, { name: "c", visible: true }]);
  assert.deepEqual(withTraceChanges(figure, [{ "marker.color": "red" }, [0]]).data[0], { name: "a", marker: { color: "red" } });
});

test("no path leads out of the figure", () => {
  withLayoutChanges({}, { "__proto__.polluted": 1, "constructor.prototype.polluted": 1 });
  assert.equal({}.polluted, undefined);
});
