// Whole sessions of small apps, with the posts that Dash's own client makes for them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Simulation, component, depends, noUpdate, preventUpdate } from "./simulation.js";

test("button and two States: the states are read at the click, untouched ones have no value, emptied ones are empty", async () => {
  const layout = [component("in1", { value: "Montreal" }), component("in2"), component("btn"), component("h", { children: "initial" })];
  const simulation = new Simulation(layout, [depends("h.children", "btn.n_clicks", "in1.value in2.value")], {
    "h.children": ([clicks]) => (clicks === undefined ? preventUpdate : `n=${clicks}`),
  });
  const lastState = () => JSON.parse(simulation.bodies.at(-1)).state[1];
  assert.deepEqual(await simulation.open(), ["h.children()"]);
  simulation.set("btn", { n_clicks: 1 });
  await simulation.settle();
  assert.deepEqual(lastState(), { id: "in2", property: "value" });
  simulation.set("in2", { value: "ab" });
  simulation.set("in2", { value: "" });
  simulation.set("btn", { n_clicks: 2 });
  assert.deepEqual(await simulation.settle(), ["h.children(btn.n_clicks)"]);
  assert.deepEqual(lastState(), { id: "in2", property: "value", value: "" });
});

test("dropdown, Store, graph: two posts on load and two for a choice", async () => {
  const layout = [component("dd", { value: "A" }), component("st"), component("g")];
  const simulation = new Simulation(layout, [depends("st.data", "dd.value"), depends("g.figure", "st.data")], {
    "st.data": ([value]) => ({ name: value }),
    "g.figure": ([data]) => ({ data: [], layout: { title: data.name } }),
  });
  assert.deepEqual(await simulation.open(), ["st.data()", "g.figure(st.data)"]);
  simulation.set("dd", { value: "B" });
  assert.deepEqual(await simulation.settle(), ["st.data(dd.value)", "g.figure(st.data)"]);
  assert.equal(simulation.store.component("g").props.figure.layout.title, "B");
});

test("button with n_clicks 0, Store, text: the chain runs on load", async () => {
  const layout = [component("i1", { value: "1" }), component("btn", { n_clicks: 0 }), component("st"), component("out", { children: null })];
  const simulation = new Simulation(layout, [depends("st.data", "btn.n_clicks", "i1.value"), depends("out.children", "st.data")], {
    "st.data": ([clicks]) => ({ clicks }),
  });
  assert.deepEqual(await simulation.open(), ["st.data()", "out.children(st.data)"]);
  simulation.set("btn", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), ["st.data(btn.n_clicks)", "out.children(st.data)"]);
});

test("hidden div: a 204 on load drops the dependant, a click calls both", async () => {
  const layout = [component("btn"), component("hidden", { children: null }), component("out", { children: null })];
  const simulation = new Simulation(layout, [depends("hidden.children", "btn.n_clicks"), depends("out.children", "hidden.children")], {
    "hidden.children": ([clicks]) => (clicks ? "{}" : preventUpdate),
  });
  assert.deepEqual(await simulation.open(), ["hidden.children()"]);
  simulation.set("btn", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), ["hidden.children(btn.n_clicks)", "out.children(hidden.children)"]);
});

test("three outputs: a number field that is emptied and filled posts null and then the number", async () => {
  const output = "..x2.children...x3.children...xx.children..";
  const layout = [component("num", { value: 5 }), component("x2"), component("x3"), component("xx")];
  const simulation = new Simulation(layout, [depends(output, "num.value")], {});
  assert.deepEqual(await simulation.open(), [`${output}()`]);
  simulation.set("num", { value: null });
  await simulation.settle();
  assert.equal(JSON.parse(simulation.bodies.at(-1)).inputs[0].value, null);
  simulation.set("num", { value: 6 });
  assert.deepEqual(await simulation.settle(), [`${output}(num.value)`]);
});

test("no update for one of two outputs, and for the only one", async () => {
  const both = "..o1.children...o2.children..";
  const layout = ["btn", "o1", "o2", "d1", "d2", "o3"].map((id) => component(id, id === "btn" ? { n_clicks: 0 } : {}));
  const dependencies = [depends(both, "btn.n_clicks"), depends("d1.children", "o1.children"), depends("d2.children", "o2.children"), depends("o3.children", "btn.n_clicks")];
  const simulation = new Simulation(layout, dependencies, {
    [both]: ([clicks]) => ({ response: clicks === 0 ? { o1: { children: 0 } } : { o2: { children: clicks } } }),
    "o3.children": () => noUpdate,
  });
  assert.deepEqual(await simulation.open(), [`${both}()`, "o3.children()", "d1.children(o1.children)"]);
  simulation.set("btn", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), [`${both}(btn.n_clicks)`, "o3.children(btn.n_clicks)", "d2.children(o2.children)"]);
});

test("prevented A, then B, then prevented C: B runs with the layout's value, and C after it", async () => {
  const prevented = { prevent_initial_call: true };
  const layout = [component("btn"), component("a", { children: "A0" }), component("bb"), component("c")];
  const dependencies = [depends("a.children", "btn.n_clicks", "", prevented), depends("bb.children", "a.children"), depends("c.children", "bb.children", "", prevented)];
  const simulation = new Simulation(layout, dependencies, {});
  assert.deepEqual(await simulation.open(), ["bb.children()", "c.children(bb.children)"]);
  simulation.set("btn", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), ["a.children(btn.n_clicks)", "bb.children(a.children)", "c.children(bb.children)"]);
});

test("initial order: holding back, a 204 that drops one and frees another, State that does not wait, a diamond", async () => {
  const ids = "btn a b c d e p q r z inp".split(" ");
  const dependencies = [
    depends("a.children", "inp.value"),
    depends("b.children", "a.children"),
    depends("c.children", "a.children"),
    depends("d.children", "b.children c.children"),
    depends("e.children", "c.children btn.n_clicks"),
    depends("p.children", "inp.value"),
    depends("q.children", "p.children"),
    depends("r.children", "p.children btn.n_clicks"),
    depends("z.children", "inp.value", "d.children"),
    depends("a.title", "nosuch.value"),
  ];
  const simulation = new Simulation(ids.map((id) => component(id, { children: `${id}0` })), dependencies, {
    "a.children": () => ({ after: 150, value: "a1" }),
    "b.children": () => ({ after: 300, value: "b1" }),
    "c.children": () => ({ after: 100, value: "c1" }),
    "p.children": () => preventUpdate,
  });
  const chain = ["b.children(a.children)", "c.children(a.children)", "e.children(c.children)", "d.children(c.children b.children)"];
  assert.deepEqual(await simulation.open(), ["a.children()", "p.children()", "z.children()", "r.children()", ...chain]);
  assert.equal(JSON.parse(simulation.bodies[2]).state[0].value, "d0");
  simulation.set("btn", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), ["e.children(btn.n_clicks)", "r.children(btn.n_clicks)"]);
  simulation.set("inp", { value: "vw" });
  assert.deepEqual(await simulation.settle(), ["a.children(inp.value)", "p.children(inp.value)", "z.children(inp.value)", ...chain]);
});

test("missing ids: an error where a part is missing, silence where all is, null for what is optional", async () => {
  const layout = [component("a", { value: "x" }), ...["o1", "o2", "o3", "o4", "o5", "o7"].map((id) => component(id))];
  const dependencies = [
    depends("o1.children", "a.value nosuch.value"),
    depends("o2.children", "nosuch.value nosuch2.value"),
    depends("o3.children", "a.value", "nosuch.value"),
    depends("..o4.children...nosuch.children..", "a.value"),
    depends("nosuch3.children", "a.value"),
    depends("o5.children", "a.value nosuch.value?", "nosuch.title?"),
    depends("o7.children", ""),
  ];
  const simulation = new Simulation(layout, dependencies, {});
  const failing = ["o1.children", "o3.children", "..o4.children...nosuch.children.."];
  assert.deepEqual(await simulation.open(), ["o5.children()", "o7.children()"]);
  assert.deepEqual(simulation.problems.splice(0).map((problem) => problem.source), failing);
  simulation.set("a", { value: "xy" });
  assert.deepEqual(await simulation.settle(), ["o5.children(a.value)"]);
  assert.deepEqual(simulation.problems.map((problem) => problem.source), failing);
});

test("typing abc quickly: only the last answer counts, although the first comes last", async () => {
  const duration = { a: 1500, ab: 500, abc: 100 };
  const dependencies = [depends("o.children", "i.value"), depends("d.children", "o.children"), depends("o2.children", "x.n_clicks o.children")];
  const layout = ["i", "o", "d", "x", "o2"].map((id) => component(id));
  const simulation = new Simulation(layout, dependencies, {
    "o.children": ([value]) => ({ after: duration[value] ?? 50, value: `answer for ${value}` }),
  });
  assert.deepEqual(await simulation.open(), ["o.children()", "d.children(o.children)", "o2.children(o.children)"]);
  for (const value of ["a", "ab", "abc"]) {
    simulation.set("i", { value });
    await simulation.advance(100);
  }
  assert.deepEqual(await simulation.settle(), [...Array(3).fill("o.children(i.value)"), "d.children(o.children)", "o2.children(o.children)"]);
  assert.equal(simulation.store.component("o").props.children, "answer for abc");
  simulation.set("i", { value: "ab" });
  await simulation.advance(10);
  simulation.set("x", { n_clicks: 1 });
  assert.deepEqual(await simulation.settle(), ["o.children(i.value)", "o2.children(x.n_clicks o.children)", "d.children(o.children)"]);
});

test("a click while the other input is computed waits for it, and goes alone if that changed nothing", async () => {
  const prevented = { prevent_initial_call: true };
  const dependencies = [
    depends("A.children", "ba.n_clicks", "", prevented),
    depends("B.children", "A.children bb.n_clicks", "", prevented),
    depends("C.children", "B.children", "A.children", prevented),
  ];
  const layout = ["ba", "bb", "A", "B", "C"].map((id) => component(id));
  const simulation = new Simulation(layout, dependencies, {
    "A.children": ([clicks]) => ({ after: 1000, value: clicks === 1 ? "A1" : noUpdate }),
  });
  assert.deepEqual(await simulation.open(), []);
  for (const [clicks, changed] of [[1, "bb.n_clicks A.children"], [2, "bb.n_clicks"]]) {
    simulation.set("ba", { n_clicks: clicks });
    await simulation.advance(20);
    simulation.set("bb", { n_clicks: clicks });
    assert.deepEqual(await simulation.settle(), ["A.children(ba.n_clicks)", `B.children(${changed})`, "C.children(B.children)"]);
  }
});

test("a callback slower than what triggers it shows nothing until the triggers stop", async () => {
  const dependencies = [depends("o.children", "iv.n_intervals"), depends("fast.children", "iv.n_intervals")];
  const simulation = new Simulation([component("iv"), component("o", { children: "never" }), component("fast")], dependencies, {
    "o.children": ([tick]) => ({ after: 700, value: `tick ${tick}` }),
  });
  simulation.start();
  for (let tick = 1; tick <= 8; tick += 1) {
    await simulation.advance(300);
    assert.equal(simulation.store.component("o").props.children, "never");
    simulation.set("iv", { n_intervals: tick });
  }
  const posts = await simulation.settle();
  assert.equal(simulation.store.component("o").props.children, "tick 8");
  const slow = posts.filter((post) => post.startsWith("o."));
  assert.deepEqual(slow, ["o.children()", ...Array(8).fill("o.children(iv.n_intervals)")]);
  assert.equal(posts.length, 18);
});

test("circles: a callback with its own output as input, and two callbacks that feed each other", async () => {
  const own = "..nu.value...sl.value..";
  const layout = [component("cm", { value: 1 }), component("inch"), component("sl", { value: 3 }), component("nu"), component("o")];
  const dependencies = [depends(own, "nu.value sl.value"), depends("o.children", "nu.value"), depends("inch.value", "cm.value"), depends("cm.value", "inch.value")];
  const simulation = new Simulation(layout, dependencies, {});
  assert.deepEqual(await simulation.open(), [`${own}()`, "o.children(nu.value)", "cm.value()", "inch.value(cm.value)"]);
  simulation.set("nu", { value: 5 });
  assert.deepEqual(await simulation.settle(), [`${own}(nu.value)`, "o.children(nu.value)"]);
  simulation.set("cm", { value: 4 });
  assert.deepEqual(await simulation.settle(), ["inch.value(cm.value)", "cm.value(inch.value)"]);
});

test("sixteen slow callbacks: twelve at once, the others as answers come", async () => {
  const ids = Array.from({ length: 16 }, (_, index) => `o${index}`);
  const callbacks = Object.fromEntries(ids.map((id, index) => [`${id}.children`, () => ({ after: 500 + index, value: id })]));
  const simulation = new Simulation([component("btn"), ...ids.map((id) => component(id))], ids.map((id) => depends(`${id}.children`, "btn.n_clicks")), callbacks);
  simulation.start();
  await simulation.advance(502);
  assert.deepEqual(simulation.posts, ids.slice(0, 15).map((id) => `${id}.children()`));
  assert.deepEqual(await simulation.settle(), ids.map((id) => `${id}.children()`));
});

test("a callback that returns components: those inside are called initially, those outside with what is new", async () => {
  const prevented = { prevent_initial_call: true };
  const part = (clicks) => component("part", { children: [component("din", { value: `dv${clicks}` }), component("dinside"), component("dprev")] });
  const dependencies = [
    depends("box.children", "mk.n_clicks"),
    depends("dinside.children", "din.value"),
    depends("outside.children", "din.value"),
    depends("dprev.children", "din.value", "", prevented),
    depends("box.title", "mk.n_clicks", "din.value", prevented),
  ];
  const simulation = new Simulation([component("mk"), component("box"), component("outside")], dependencies, {
    "box.children": ([clicks]) => (clicks ? part(clicks) : "empty"),
  });
  assert.deepEqual(await simulation.open(), ["box.children()"]);
  simulation.set("mk", { n_clicks: 1 });
  assert.deepEqual((await simulation.settle()).sort(), ["box.children(mk.n_clicks)", "dinside.children()", "outside.children(din.value)"]);
  assert.match(simulation.problems.splice(0)[0].message, /^Its State din.value is missing/);
  simulation.set("din", { value: "dv1!" });
  assert.deepEqual((await simulation.settle()).sort(), ["dinside.children(din.value)", "dprev.children(din.value)", "outside.children(din.value)"]);
  simulation.set("mk", { n_clicks: 2 });
  const again = await simulation.settle();
  assert.deepEqual(again.sort(), ["box.children(mk.n_clicks)", "box.title(mk.n_clicks)", "dinside.children()", "outside.children(din.value)"]);
});
