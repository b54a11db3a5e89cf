import { describe, expect, test } from "vitest";
import { planWorkflow } from "./plan-workflow.ts";
import { edges, report, tasksOf } from "./planned.test.support.ts";
import {
  application,
  behind,
  choice,
  executor,
  first,
  from,
  nested,
  when,
  workflow,
} from "./written.test.support.ts";

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
    const spared = ["b1/x", "b1/y", "b2", "b3"].map((id) => {
      const found = task(id);
      return "allowFailure" in found && found.allowFailure;
    });
    expect(spared).toEqual([true, true, true, false]);
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
      "value a if finished",
      "data b if succeeded in outputs.report",
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

  test("cannot be joined with a file that is not the first", () => {
    const join = (...texts: readonly string[]) =>
      application([
        workflow("main", [nested("use", "inner", { inputs: { known: { kind: "file", path: "a.csv" } } })]),
        workflow("inner", [executor("fit", report), executor("x", { inputs: { in: first(...texts) } })], {
          inputs: ["known"],
        }),
      ]);
    expect(() => planWorkflow(join("fit.report", "input:known"))).toThrow(
      expect.objectContaining({ code: "SCANFLOW_NOT_RUNNABLE" }),
    );
    const plan = planWorkflow(join("input:known", "fit.report"));
    expect(plan.tasks.find(({ id }) => id === "use/x")).toMatchObject({
      inputs: { in: { kind: "file", path: "a.csv" } },
    });
  });
});
