import { describe, expect, test } from "vitest";
import { edges, tasksOf } from "./planned.test.support.ts";
import { behind, choice, executor, nested, when, workflow } from "./written.test.support.ts";

const group = workflow("group", [executor("x"), executor("y", { after: [behind("x")] })]);

const pick = choice("pick", [
  { when: when("device.kind == 'a'"), run: { kind: "sequence", nodes: ["a1", "a2"] }, outputs: {} },
  { when: null, run: { kind: "first-of", nodes: ["b1", "b2"] }, outputs: {} },
]);
const targets = [executor("a1"), nested("a2", "group"), executor("b1"), executor("b2")];

describe("a node after a choice", () => {
  test("comes after what ends each branch, of which the one that is taken is not skipped", () => {
    const task = tasksOf([
      workflow("main", [pick, ...targets, executor("next", { after: [behind("pick")] })]),
      group,
    ]);
    expect(edges(task("next"))).toEqual([
      "order pick if succeeded",
      "order a2 if succeeded",
      "order a2/y if succeeded",
      "order b2 if succeeded",
    ]);
    expect(task("next").guards).toEqual([]);
  });

  test("that is meant for a failure waits for all, and a guard asks whether what was chosen failed", () => {
    const task = tasksOf([
      workflow("main", [pick, ...targets, executor("mend", { after: [behind("pick", "failed")] })]),
      group,
    ]);
    expect(edges(task("mend"))).toEqual([
      "order pick if finished",
      "order a2 if finished",
      "order a2/y if finished",
      "order b2 if finished",
    ]);
    expect(task("mend").guards).toEqual([{ kind: "fallback", failed: ["pick"] }]);
  });

  test("that runs nothing comes after the choice alone", () => {
    const none = choice("none", [{ when: null, run: { kind: "none" }, outputs: {} }]);
    const task = tasksOf([workflow("main", [none, executor("mend", { after: [behind("none", "failed")] })])]);
    expect(edges(task("mend"))).toEqual(["order none if failed"]);
  });
});

describe("choices among the targets", () => {
  const outer = (run: "sequence" | "first-of") =>
    choice("outer", [{ when: null, run: { kind: run, nodes: ["pick", "then"] }, outputs: {} }]);

  test("are followed with all that they chose, by the next target and from outside", () => {
    const nodes = [outer("sequence"), pick, ...targets, executor("then")];
    const task = tasksOf([
      workflow("main", [...nodes, executor("next", { after: [behind("outer")] })]),
      group,
    ]);
    const ends = ["pick", "a2", "a2/y", "b2"];
    expect(edges(task("then"))).toEqual([
      "order outer if succeeded",
      ...ends.map((id) => `order ${id} if succeeded`),
    ]);
    expect(edges(task("next"))).toEqual(["order outer if succeeded", "order then if succeeded"]);
  });

  test("are spared with all that they chose, the innermost target first, whatever was written first", () => {
    for (const nodes of [
      [outer("first-of"), pick],
      [pick, outer("first-of")],
    ]) {
      const task = tasksOf([workflow("main", [...nodes, ...targets, executor("then")]), group]);
      const spared = ["pick", "a1", "a2", "a2/x", "b1", "b2", "then"].map((id) => task(id).spared);
      expect(spared).toEqual(["pick", "pick", "pick", "pick", "b1", "pick", undefined]);
    }
  });
});

test("what a choice runs, itself or through others, may be written after it: it comes after the decision", () => {
  const outer = choice("outer", [
    { when: null, run: { kind: "sequence", nodes: ["inner", "c"] }, outputs: {} },
  ]);
  const inner = choice("inner", [
    { when: when("device.cpus > 1"), run: { kind: "sequence", nodes: ["a"] }, outputs: {} },
    { when: null, run: { kind: "sequence", nodes: ["b"] }, outputs: {} },
  ]);
  const task = tasksOf([
    workflow("main", [
      outer,
      inner,
      executor("a", { after: [behind("outer"), behind("inner", "finished")] }),
      executor("b"),
      executor("c", { after: [behind("outer")] }),
    ]),
  ]);
  expect(edges(task("a"))).toEqual([
    "order outer if succeeded",
    "order inner if finished",
    "order inner if succeeded",
  ]);
  expect(edges(task("c"))).toEqual([
    "order outer if succeeded",
    "order inner if succeeded",
    "order a if succeeded",
    "order b if succeeded",
  ]);
});
