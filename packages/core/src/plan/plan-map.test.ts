import { describe, expect, test } from "vitest";
import { formatExpression } from "../expression/index.ts";
import { edges, report, resolved, tasksOf } from "./planned.test.support.ts";
import { behind, executor, from, nested, when, workflow } from "./written.test.support.ts";

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
