import { describe, expect, test } from "vitest";
import { formatExpression } from "../expression/index.ts";
import type { PlanTask } from "./plan.ts";
import { planWorkflow } from "./plan-workflow.ts";
import {
  application,
  behind,
  checker,
  choice,
  executor,
  first,
  from,
  nested,
  output,
  tracker,
  when,
  workflow,
} from "./written.test.support.ts";

function tasksOf(...args: Parameters<typeof application>) {
  const plan = planWorkflow(application(...args));
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  return (id: string): PlanTask => {
    const task = byId.get(id);
    if (!task) throw new Error(`no task ${id} among ${[...byId.keys()].join(", ")}`);
    return task;
  };
}

/** `data split if succeeded` lines. */
function edges(task: PlanTask): readonly string[] {
  return task.upstreams.map(
    (edge) => `${edge.kind} ${edge.task} if ${edge.if}${edge.join ? ` in ${edge.join}` : ""}`,
  );
}

const report = { outputs: { report: output("report") } };

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
    expect(edges(task("c"))).toEqual(["value a if finished", "value b if succeeded"]);
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

describe("a map", () => {
  const over = (text: string) =>
    ({ kind: "over", over: { kind: "expression", expression: when(text) }, concurrency: 2 }) as const;

  test("on an executor gives a map task and a template behind it", () => {
    const task = tasksOf([
      workflow("main", [
        executor("list", report),
        executor("fit", {
          map: over("nodes.list.result.folds"),
          inputs: { data: from("list.report") },
          params: { fold: { kind: "expression", expression: when("item.fold") } },
          ...report,
        }),
        executor("join", { inputs: { all: from("fit.report") }, after: [behind("fit")] }),
        executor("judge", { when: when("nodes.fit.status == 'failed' or max(nodes.fit.metrics.f1) < 1") }),
      ]),
    ]);
    expect(task("judge").when).toEqual(
      resolved("tasks.fit.status == 'failed' or max(tasks['fit[*]'].metrics.f1) < 1"),
    );
    expect(edges(task("judge"))).toEqual(["value fit if finished", "value fit[*] if finished"]);
    expect(task("fit")).toMatchObject({ kind: "map", concurrency: 2, maps: [] });
    expect(edges(task("fit"))).toEqual(["value list if succeeded"]);
    expect(task("fit[*]")).toMatchObject({
      kind: "executor",
      maps: ["fit"],
      guards: [{ kind: "entry", task: "fit" }],
      params: { fold: { kind: "expression", expression: resolved("items.fit.fold") } },
    });
    expect(edges(task("join"))).toEqual([
      "order fit if succeeded",
      "data fit[*] if succeeded",
      "order fit[*] if succeeded",
    ]);
  });

  test("asks a condition on the item once per item", () => {
    const task = tasksOf([
      workflow("main", [executor("fit", { map: over("params.list"), when: when("item > 2") })]),
    ]);
    expect(task("fit").when).toBeNull();
    expect(task("fit[*]").when).toEqual(resolved("items.fit > 2"));
  });

  test("of combinations lists them all", () => {
    const task = tasksOf([
      workflow("main", [
        executor("fit", {
          map: { kind: "sweep", sweep: { lr: [1, 2], depth: ["a", "b"] }, concurrency: null },
        }),
      ]),
    ]);
    expect(task("fit")).toMatchObject({
      over: {
        kind: "literal",
        value: [
          { lr: 1, depth: "a" },
          { lr: 1, depth: "b" },
          { lr: 2, depth: "a" },
          { lr: 2, depth: "b" },
        ],
      },
    });
  });

  test("inside a map nests the templates and the items", () => {
    const task = tasksOf([
      workflow("main", [
        nested("train", "inner", {
          map: over("params.sites"),
          params: { site: { kind: "expression", expression: when("item.site") } },
        }),
        executor("use", { inputs: { all: from("train.report") } }),
      ]),
      workflow(
        "inner",
        [
          executor("fit", {
            map: over("[1, 2]"),
            params: {
              both: { kind: "expression", expression: when("[params.site, item]") },
              site: { kind: "expression", expression: when("params.site") },
            },
            ...report,
          }),
        ],
        { outputs: { report: from("fit.report") } },
      ),
    ]);
    expect(task("train").kind).toBe("map");
    expect(task("train[*]/fit")).toMatchObject({ kind: "map", maps: ["train"], group: "train" });
    const work = task("train[*]/fit[*]");
    expect(work).toMatchObject({
      kind: "executor",
      maps: ["train", "train[*]/fit"],
      guards: [{ kind: "entry", task: "train[*]/fit" }],
    });
    if (!("params" in work)) throw new Error("not a work task");
    const shown = Object.entries(work.params).map(([name, value]) => [
      name,
      value.kind === "expression" && formatExpression(value.expression),
    ]);
    expect(shown).toEqual([
      ["both", '[items.train.site, items["train[*]/fit"]]'],
      ["site", "items.train.site"],
    ]);
    expect(edges(task("use"))).toEqual(["data train[*]/fit[*] if succeeded"]);
  });
});

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
});

function resolved(text: string) {
  return when(text, "plan");
}
