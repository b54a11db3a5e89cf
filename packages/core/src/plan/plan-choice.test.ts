import { describe, expect, test } from "vitest";
import { edges, report, tasksOf } from "./planned.test.support.ts";
import { behind, choice, executor, first, from, nested, when, workflow } from "./written.test.support.ts";

describe("a choice", () => {
  const group = workflow("group", [executor("x"), executor("y", { after: [behind("x")] })]);

  test("guards the targets of each branch and chains them", () => {
    const task = tasksOf([
      workflow("main", [
        choice("pick", [
          { when: when("device.kind == 'a'"), run: { kind: "sequence", nodes: ["a"] }, outputs: {} },
          {
            when: when("device.kind == 'b'"),
            run: { kind: "first-of", nodes: ["b1", "b2", "b3"] },
            outputs: {},
          },
          { when: null, run: { kind: "sequence", nodes: ["c1", "c2"] }, outputs: {} },
        ]),
        nested("a", "group"),
        nested("b1", "group"),
        executor("b2"),
        executor("b3"),
        nested("c1", "group"),
        executor("c2"),
      ]),
      group,
    ]);
    expect(task("pick")).toMatchObject({
      branches: [{ targets: ["a"] }, { targets: ["b1", "b2", "b3"] }, { targets: ["c1", "c2"] }],
    });
    expect(task("a").guards).toEqual([{ kind: "branch", choice: "pick", branch: 0 }]);
    expect(task("b3").guards).toEqual([
      { kind: "branch", choice: "pick", branch: 1 },
      { kind: "fallback", failed: ["b1", "b2"] },
    ]);
    expect(edges(task("b2"))).toEqual([
      "order pick if succeeded",
      "order b1 if finished",
      "order b1/y if finished",
    ]);
    expect(edges(task("c2"))).toEqual([
      "order pick if succeeded",
      "order c1 if succeeded",
      "order c1/y if succeeded",
    ]);
    const spared = ["b1", "b1/x", "b1/y", "b2", "b3"].map((id) => task(id).spared);
    expect(spared).toEqual(["b1", "b1", "b1", "b2", undefined]);
  });

  test("has outputs of its own, of which those of one branch are enough", () => {
    const task = tasksOf([
      workflow("main", [
        executor("a", report),
        executor("b", report),
        choice("best", [
          {
            when: when("nodes.a.metrics.f1 > nodes.b.metrics.f1"),
            run: { kind: "none" },
            outputs: { report: from("a.report") },
          },
          { when: null, run: { kind: "none" }, outputs: { report: from("b.report") } },
        ]),
        executor("use", { inputs: { best: from("best.report") } }),
      ]),
    ]);
    expect(edges(task("best"))).toEqual([
      "data a if succeeded in outputs.report",
      "order a if succeeded",
      "value a if finished",
      "data b if succeeded in outputs.report",
      "order b if succeeded",
      "value b if finished",
    ]);
    expect(edges(task("use"))).toEqual(["data best if succeeded"]);
    expect(task("use")).toMatchObject({ inputs: { best: { of: [{ task: "best", output: "report" }] } } });
  });

  test("is joined again by the first output that was made", () => {
    const task = tasksOf([
      workflow("main", [
        choice("pick", [
          { when: when("params.go"), run: { kind: "sequence", nodes: ["a"] }, outputs: {} },
          { when: null, run: { kind: "sequence", nodes: ["b"] }, outputs: {} },
        ]),
        executor("a", report),
        executor("b", report),
        nested("use", "inner", { inputs: { data: first("a.report", "b.report") } }),
      ]),
      workflow("inner", [executor("x", { inputs: { in: from("input:data") } })], { inputs: ["data"] }),
    ]);
    expect(edges(task("use/x"))).toEqual([
      "data a if succeeded in inputs.in",
      "data b if succeeded in inputs.in",
      "order use if succeeded",
    ]);
  });

  test("needs none of its producers when a branch gives a file instead", () => {
    const task = tasksOf([
      workflow("main", [nested("use", "inner", { inputs: { known: { kind: "file", path: "model.onnx" } } })]),
      workflow(
        "inner",
        [
          executor("fit", report),
          choice("best", [
            {
              when: when("nodes.fit.status == 'succeeded'"),
              run: { kind: "none" },
              outputs: { model: from("fit.report") },
            },
            { when: null, run: { kind: "none" }, outputs: { model: from("input:known") } },
          ]),
        ],
        { inputs: ["known"] },
      ),
    ]);
    expect(edges(task("use/best"))).toEqual([
      "order use if succeeded",
      "order use/fit if finished",
      "value use/fit if finished",
    ]);
    expect(task("use/best")).toMatchObject({
      branches: [{}, { outputs: { model: { kind: "file", path: "model.onnx" } } }],
    });
  });

  test("is joined with a file that is handed in: it is taken when nothing before it was made", () => {
    const planned = (...texts: readonly string[]) =>
      tasksOf([
        workflow("main", [nested("use", "inner", { inputs: { known: { kind: "file", path: "a.csv" } } })]),
        workflow(
          "inner",
          [
            executor("fit", report),
            executor("late", report),
            executor("x", { inputs: { in: first(...texts) } }),
          ],
          { inputs: ["known"] },
        ),
      ])("use/x");
    const last = planned("fit.report", "input:known", "late.report");
    expect(last).toMatchObject({
      inputs: { in: { kind: "output", of: [{ task: "use/fit", output: "report" }], fallback: "a.csv" } },
    });
    expect(edges(last)).toEqual(["order use if succeeded", "data use/fit if succeeded in inputs.in"]);
    const foremost = planned("input:known", "fit.report");
    expect(foremost).toMatchObject({ inputs: { in: { kind: "file", path: "a.csv" } } });
    expect(edges(foremost)).toEqual(["order use if succeeded"]);
  });
});

describe("an output of a choice that its own targets make", () => {
  const target = (name: string) => executor(name, report);
  const otherwise = { when: null, run: { kind: "none" } } as const;

  test("is awaited by who takes it, not by the choice", () => {
    const task = tasksOf([
      workflow("main", [
        executor("use", { inputs: { model: from("pick.report") } }),
        choice("pick", [
          {
            when: when("device.cpus < 4"),
            run: { kind: "sequence", nodes: ["small"] },
            outputs: { report: from("small.report") },
          },
          {
            when: null,
            run: { kind: "sequence", nodes: ["large"] },
            outputs: { report: from("large.report") },
          },
        ]),
        target("small"),
        target("large"),
      ]),
    ]);
    expect(edges(task("pick"))).toEqual([]);
    expect(edges(task("small"))).toEqual(["order pick if succeeded"]);
    expect(edges(task("use"))).toEqual([
      "data pick if succeeded",
      "order small if finished",
      "order large if finished",
    ]);
    expect(task("use")).toMatchObject({ inputs: { model: { of: [{ task: "pick", output: "report" }] } } });
    expect(task("pick")).toMatchObject({
      branches: [
        { outputs: { report: { of: [{ task: "small", output: "report" }] } } },
        { outputs: { report: { of: [{ task: "large", output: "report" }] } } },
      ],
    });
  });

  test("needs nothing of what ran before for another branch", () => {
    const task = tasksOf([
      workflow("main", [
        executor("known", report),
        choice("pick", [
          {
            when: when("nodes.known.metrics.loss > 1"),
            run: { kind: "first-of", nodes: ["a", "b"] },
            outputs: { report: first("a.report", "b.report", "known.report") },
          },
          { ...otherwise, outputs: { report: from("known.report") } },
        ]),
        target("a"),
        target("b"),
        nested("use", "inner", { inputs: { data: from("pick.report") } }),
      ]),
      workflow("inner", [executor("x", { inputs: { in: first("input:data") } })], { inputs: ["data"] }),
    ]);
    expect(edges(task("pick"))).toEqual([
      "order known if finished",
      "order known if succeeded",
      "value known if finished",
    ]);
    expect(edges(task("use/x"))).toEqual([
      "data pick if succeeded",
      "order a if finished",
      "order b if finished",
      "order use if succeeded",
    ]);
  });

  test("is followed through nested workflows, maps, and choices among the targets", () => {
    const inner = workflow(
      "inner",
      [
        choice("pick", [
          {
            when: when("params.go"),
            run: { kind: "sequence", nodes: ["again"] },
            outputs: { report: from("again.report") },
          },
          {
            when: null,
            run: { kind: "sequence", nodes: ["deep"] },
            outputs: { report: from("deep.report") },
          },
        ]),
        choice("again", [
          {
            when: null,
            run: { kind: "sequence", nodes: ["many"] },
            outputs: { report: from("many.report") },
          },
        ]),
        executor("many", { ...report, map: { kind: "sweep", sweep: { x: [1, 2] }, concurrency: null } }),
        nested("deep", "leaf"),
      ],
      { outputs: { report: from("pick.report") } },
    );
    const leaf = workflow("leaf", [target("fit")], { outputs: { report: from("fit.report") } });
    const map = { kind: "sweep", sweep: { y: [1] }, concurrency: null } as const;
    const task = tasksOf([
      workflow("main", [
        nested("each", "inner", { map }),
        executor("use", { inputs: { in: from("each.report") } }),
      ]),
      inner,
      leaf,
    ]);
    expect(edges(task("use"))).toEqual([
      "data each[*]/pick if succeeded",
      "order each[*]/again if finished",
      "order each[*]/many[*] if finished",
      "order each[*]/deep/fit if finished",
    ]);
    expect(edges(task("each[*]/again"))).toEqual([
      "order each if succeeded",
      "order each[*]/pick if succeeded",
    ]);
  });

  test("is awaited by another choice that hands it on", () => {
    const task = tasksOf([
      workflow("main", [
        choice("pick", [
          { when: null, run: { kind: "sequence", nodes: ["a"] }, outputs: { report: from("a.report") } },
        ]),
        target("a"),
        choice("hand", [{ ...otherwise, outputs: { report: from("pick.report") } }]),
        executor("use", { inputs: { in: from("hand.report") } }),
      ]),
    ]);
    expect(edges(task("hand"))).toEqual(["data pick if succeeded", "order a if finished"]);
    expect(edges(task("use"))).toEqual(["data hand if succeeded"]);
  });
});
