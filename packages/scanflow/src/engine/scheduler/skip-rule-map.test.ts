import {
  application,
  executor,
  first,
  item,
  nested,
  planWorkflow,
  requireApplication,
  workflow,
} from "@scanflow/core";
import { describe, expect, test } from "vitest";
import { run as runPlan, type Told } from "./told-run.test.support.ts";

const outputs = { table: { optional: true } } as const;

/** What follows a map over these numbers, of which those above 2 are done. */
function run(over: readonly number[], told: Told = {}, { allowFailure = false } = {}) {
  const main = workflow("main", {}, () => {
    const map = { over };
    const each = executor("each", { run: "true", map, when: "item > 2", outputs, allowFailure });
    const spare = executor("spare", { run: "true", outputs });
    const gather = executor("gather", { run: "true", inputs: { tables: each.outputs.table } });
    const join = executor("join", {
      run: "true",
      inputs: { tables: first(each.outputs.table, spare.outputs.table) },
    });
    const read = executor("read", { run: "true", params: { rows: each.result("rows") } });
    const follow = executor("follow", { run: "true", after: [each] });
    return { nodes: [each, spare, gather, join, read, follow] };
  });
  return runPlan(planWorkflow(requireApplication(application("app", { main }))), told);
}

describe("a map of which every item was skipped", () => {
  test("gives nothing: what needs its outputs or results is skipped, what only follows it goes on", () => {
    const { statuses, status, scheduler } = run([1, 2]);
    expect(statuses).toMatchObject({ gather: "skipped", read: "skipped", follow: "succeeded" });
    expect(scheduler.taskState("gather").reason).toBe("upstream-skipped");
    expect(scheduler.attemptInputs("join").inputs.tables).toMatchObject({ digest: "sha256:spare" });
    expect(status).toBe("succeeded");
  });

  test.each<[string, Told, { allowFailure?: boolean }]>([
    ["every item failed where it may", { fail: ["each[0]", "each[1]"] }, { allowFailure: true }],
    ["no item wrote what is optional", { empty: ["each[0]", "each[1]"] }, {}],
  ])("is like one of which %s", (_, told, settings) => {
    expect(run([3, 4], told, settings).statuses.gather).toBe("skipped");
  });
});

test("a map over nothing was done: it gives an empty folder and an empty list", () => {
  const { statuses, scheduler } = run([]);
  expect(statuses).toMatchObject({ gather: "succeeded", read: "succeeded" });
  expect(scheduler.attemptInputs("gather").inputs.tables).toEqual({
    kind: "collected",
    entries: {},
    of: { task: "each[*]", output: "table" },
  });
});

test("one item that was done is enough", () => {
  const { statuses, scheduler } = run([1, 3]);
  expect(statuses).toMatchObject({ gather: "succeeded", read: "succeeded" });
  const { tables } = scheduler.attemptInputs("gather").inputs;
  expect(Object.keys((tables as { entries: object }).entries)).toEqual(["1"]);
});

test("maps within maps: nothing is given when all within was skipped, by item or as a whole", () => {
  const statusOf = (inner: string, outer: string) => {
    const each = workflow("each", { params: { x: 1 } }, ({ params }) => {
      const fit = executor("fit", {
        run: "true",
        map: { over: [1, 2] },
        params: { y: item, x: params.x },
        when: inner,
        outputs,
      });
      return { nodes: [fit], outputs: { table: fit.outputs.table } };
    });
    const main = workflow("main", {}, () => {
      const all = nested("all", each, { map: { over: [1, 2] }, params: { x: item }, when: outer });
      return { nodes: [all, executor("gather", { run: "true", inputs: { t: all.outputs.table } })] };
    });
    return runPlan(planWorkflow(requireApplication(application("app", { main })))).statuses.gather;
  };
  expect(statusOf("item > 0", "true")).toBe("succeeded");
  expect(statusOf("item > 9", "true")).toBe("skipped");
  expect(statusOf("params.x > 9", "true")).toBe("skipped");
  expect(statusOf("params.x > 1", "true")).toBe("succeeded");
  expect(statusOf("item > 0", "false")).toBe("skipped");
});
