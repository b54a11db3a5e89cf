import { describe, expect, test } from "vitest";
import { planWorkflow } from "./plan-workflow.ts";
import { edges, report, resolved, tasksOf } from "./planned.test.support.ts";
import {
  application,
  behind,
  checker,
  executor,
  from,
  nested,
  output,
  tracker,
  when,
  workflow,
} from "./written.test.support.ts";

describe("a plain workflow", () => {
  test("keeps tasks in topological order, ties as written", () => {
    const plan = planWorkflow(
      application([
        workflow("main", [
          executor("last", { inputs: { a: from("b.report"), b: from("a.report") } }),
          executor("b", report),
          executor("a", report),
          executor("other"),
        ]),
      ]),
    );
    expect(plan.tasks.map(({ id }) => id)).toEqual(["b", "a", "last", "other"]);
  });

  test("turns inputs into data edges and names the producer", () => {
    const task = tasksOf([
      workflow("main", [
        executor("split", report),
        executor("fit", {
          inputs: { data: from("split.report"), raw: { kind: "file", path: "a.csv" } },
          after: [behind("split", "finished")],
        }),
      ]),
    ]);
    expect(task("fit")).toMatchObject({
      inputs: {
        data: { kind: "output", of: [{ task: "split", output: "report" }] },
        raw: { kind: "file", path: "a.csv" },
      },
    });
    expect(edges(task("fit"))).toEqual(["data split if succeeded", "order split if finished"]);
  });

  test("judges a condition on what failed only where it asks for that", () => {
    const task = tasksOf([
      workflow("main", [
        executor("a"),
        executor("result", { when: when("nodes.a.result.ok == true") }),
        executor("status", { when: when("nodes.a.status == 'failed' or nodes.a.result.ok == false") }),
        executor("after", { after: [behind("a", "failed")], when: when("nodes.a.metrics.loss == null") }),
      ]),
    ]);
    expect(edges(task("result"))).toEqual(["order a if succeeded", "value a if finished"]);
    expect(edges(task("status"))).toEqual(["value a if finished"]);
    expect(edges(task("after"))).toEqual(["order a if failed", "value a if finished"]);
  });

  test("awaits what a condition reads and needs what a parameter reads", () => {
    const task = tasksOf([
      workflow("main", [
        executor("a"),
        executor("b"),
        executor("c", {
          when: when("nodes.a.metrics.loss < 1"),
          params: { lr: { kind: "expression", expression: when("nodes.b.result.lr * params.scale") } },
        }),
      ]),
    ]);
    expect(edges(task("c"))).toEqual(["order a if succeeded", "value a if finished", "value b if succeeded"]);
    expect(task("c").when).toEqual(resolved("tasks.a.metrics.loss < 1"));
    expect(task("c")).toMatchObject({
      params: { lr: { kind: "expression", expression: resolved("tasks.b.result.lr * params.scale") } },
    });
  });

  test("keeps a checker's threshold and lets other kinds never fail by verdict", () => {
    const task = tasksOf([workflow("main", [executor("a"), checker("b", { failOn: "warning" })])]);
    expect(task("a")).toMatchObject({ failOn: "never" });
    expect(task("b")).toMatchObject({ failOn: "warning" });
  });

  test("refuses an unknown workflow with the nearest name", () => {
    const app = application([workflow("train", [executor("a")])]);
    expect(() => planWorkflow(app, "trian")).toThrow(/did you mean train/);
    expect(() => planWorkflow(app, "trian")).toThrow(
      expect.objectContaining({ code: "SCANFLOW_WORKFLOW_UNKNOWN" }),
    );
  });

  test("refuses a workflow that only runs inside another", () => {
    const app = application([
      workflow("inner", [executor("a", { inputs: { x: from("input:data") } })], { inputs: ["data"] }),
    ]);
    expect(() => planWorkflow(app)).toThrow(expect.objectContaining({ code: "SCANFLOW_NOT_RUNNABLE" }));
  });

  test("names a ring instead of losing tasks", () => {
    const app = application([
      workflow("main", [executor("a", { after: [behind("b")] }), executor("b", { after: [behind("a")] })]),
    ]);
    expect(() => planWorkflow(app)).toThrow(/a → b → a|b → a → b/);
  });
});

describe("a nested workflow", () => {
  const fit = workflow(
    "fit",
    [
      executor("softmax", { inputs: { x: from("input:data") }, outputs: { model: output("model") } }),
      executor("score", { inputs: { model: from("softmax.model") }, when: when("params.lr > 0") }),
    ],
    {
      inputs: ["data"],
      outputs: { model: from("softmax.model") },
      params: {
        lr: { type: "number", default: 0.5, choices: null, min: null, max: null, description: "" },
      },
    },
  );

  test("becomes a box, an entry and its tasks behind it", () => {
    const app = application([
      workflow("main", [
        executor("split", report),
        nested("train", "fit", { inputs: { data: from("split.report") }, when: when("params.go") }),
      ]),
      fit,
    ]);
    const plan = planWorkflow(app);
    expect(plan.groups.map(({ id, workflow: name, parent }) => [id, name, parent])).toEqual([
      ["", "main", null],
      ["train", "fit", ""],
    ]);
    expect(plan.tasks.map(({ id, kind, group }) => [id, kind, group])).toEqual([
      ["split", "executor", ""],
      ["train", "entry", ""],
      ["train/softmax", "executor", "train"],
      ["train/score", "executor", "train"],
    ]);
    const [, entry, softmax] = plan.tasks;
    expect(entry?.when).toEqual(when("params.go"));
    expect(softmax?.guards).toEqual([{ kind: "entry", task: "train" }]);
    expect(softmax && edges(softmax)).toEqual(["data split if succeeded", "order train if succeeded"]);
  });

  test("hands its outputs out and its inputs in through several levels", () => {
    const task = tasksOf([
      workflow("main", [
        executor("split", report),
        nested("outer", "middle", { inputs: { data: from("split.report") } }),
        executor("use", { inputs: { model: from("outer.model") } }),
      ]),
      workflow("middle", [nested("train", "fit", { inputs: { data: from("input:data") } })], {
        inputs: ["data"],
        outputs: { model: from("train.model") },
      }),
      fit,
    ]);
    expect(task("outer/train/softmax")).toMatchObject({
      inputs: { x: { kind: "output", of: [{ task: "split", output: "report" }] } },
    });
    expect(edges(task("use"))).toEqual(["data outer/train/softmax if succeeded"]);
  });

  test("puts what is bound to its params, or their default, into its expressions", () => {
    const task = tasksOf([
      workflow("main", [
        executor("tune"),
        nested("plain", "fit", { inputs: { data: { kind: "file", path: "a.csv" } } }),
        nested("tuned", "fit", {
          inputs: { data: { kind: "file", path: "a.csv" } },
          params: { lr: { kind: "expression", expression: when("nodes.tune.result.lr") } },
        }),
      ]),
      fit,
    ]);
    expect(task("plain/score").when).toEqual(when("0.5 > 0"));
    expect(task("tuned/score").when).toEqual(resolved("tasks.tune.result.lr > 0"));
    expect(edges(task("tuned/score"))).toContain("value tune if finished");
  });

  test("is followed when its entry and last tasks are done", () => {
    const task = tasksOf([
      workflow("main", [
        nested("train", "fit", { inputs: { data: { kind: "file", path: "a.csv" } } }),
        executor("next", { after: [behind("train")] }),
        executor("mend", { after: [behind("train", "failed")] }),
        executor("tell", { when: when("nodes.train.status == 'failed'") }),
      ]),
      fit,
    ]);
    expect(edges(task("next"))).toEqual(["order train if succeeded", "order train/score if succeeded"]);
    expect(edges(task("mend"))).toEqual(["order train if finished", "order train/score if finished"]);
    expect(task("mend").guards).toEqual([{ kind: "fallback", failed: ["train"] }]);
    expect(edges(task("tell"))).toEqual([
      "value train if finished",
      "value train/softmax if finished",
      "value train/score if finished",
    ]);
  });

  test("logs to its own tracker or the nearest around it", () => {
    const plan = planWorkflow(
      application(
        [
          workflow("main", [nested("a", "own"), nested("b", "plain")]),
          workflow("own", [nested("c", "plain")], { tracker: tracker("tracker-workflow3", 8008) }),
          workflow("plain", [executor("x")]),
        ],
        { tracker: tracker("shared", 8000) },
      ),
    );
    expect(plan.groups.map(({ id, tracker: name }) => [id, name])).toEqual([
      ["", "shared"],
      ["a", "a/tracker-workflow3"],
      ["a/c", "a/tracker-workflow3"],
      ["b", "shared"],
    ]);
    expect(plan.trackers).toEqual([
      { id: "shared", name: "shared", port: 8000, group: "" },
      { id: "a/tracker-workflow3", name: "tracker-workflow3", port: 8008, group: "a" },
    ]);
    expect(plan.tasks.find(({ id }) => id === "a/c/x")).toMatchObject({ tracker: "a/tracker-workflow3" });
  });
});
