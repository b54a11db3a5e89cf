import {
  application,
  choice,
  executor,
  firstOf,
  nested,
  planWorkflow,
  requireApplication,
  type WorkflowHandle,
  workflow,
} from "@scanflow/core";
import { describe, expect, test } from "vitest";
import { run as runPlan, type Told } from "./told-run.test.support.ts";

function run(main: WorkflowHandle, told: Told = {}) {
  return runPlan(planWorkflow(requireApplication(application("app", { main }))), told);
}

const done = { run: "true" } as const;

/** Two steps in the branch that is taken, and a nested workflow in the other, behind work of its own. */
function main({ when = "true", allowFailure = false } = {}) {
  const part = workflow("part", {}, () => {
    const x = executor("x", done);
    return { nodes: [x, executor("y", { ...done, after: [x] })] };
  });
  return workflow("main", {}, () => {
    const before = executor("before", done);
    const a1 = executor("a1", done);
    const a2 = executor("a2", { ...done, allowFailure });
    const other = nested("other", part, { after: [before] });
    const pick = choice("pick", [{ when, run: [a1, a2] }, { run: other }]);
    const next = executor("next", { ...done, after: [pick] });
    const mend = executor("mend", { ...done, after: [{ node: pick, if: "failed" }] });
    const last = executor("last", { ...done, after: [{ node: pick, if: "finished" }] });
    return { nodes: [before, a1, a2, other, pick, next, mend, last] };
  });
}

/** How tasks ended. */
function ends(scheduler: ReturnType<typeof run>["scheduler"], ...ids: readonly string[]) {
  return ids.map((id) => scheduler.taskState(id).status);
}

describe("what comes after a choice", () => {
  test("starts when all that was chosen has ended", () => {
    for (const when of ["true", "false"]) {
      const { starts } = run(main({ when }));
      expect(starts.slice(-2).sort()).toEqual(["last", "next"]);
      expect(starts).toContain(when === "true" ? "a2" : "other/y");
    }
  });

  test("goes on when it did its work, and is for nothing when it was meant for a failure", () => {
    const { statuses, scheduler } = run(main());
    expect(ends(scheduler, "next", "mend", "last")).toEqual(["succeeded", "skipped", "succeeded"]);
    expect(statuses["other/y"]).toBe("skipped");
  });

  test.each([
    ["true", "a1"],
    ["true", "a2"],
    ["false", "other/x"],
    ["false", "other/y"],
  ])("stops at a failure of what was chosen, unless it is meant for it (%s: %s)", (when, failed) => {
    const { scheduler, status } = run(main({ when }), { fail: [failed] });
    expect(ends(scheduler, "next", "mend", "last")).toEqual(["upstream-failed", "succeeded", "succeeded"]);
    expect(status).toBe("failed");
  });

  test("passes a failure that is allowed, as it does after the node itself", () => {
    const { scheduler, status } = run(main({ allowFailure: true }), { fail: ["a2"] });
    expect(ends(scheduler, "next", "mend", "last")).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(status).toBe("succeeded");
  });

  test("does not mind what failed before a branch that was not taken", () => {
    const { statuses, scheduler, status } = run(main(), { fail: ["before"] });
    expect(ends(scheduler, "next", "mend", "last")).toEqual(["succeeded", "skipped", "succeeded"]);
    expect(statuses).toMatchObject({ other: "skipped", "other/x": "skipped", "other/y": "skipped" });
    expect(scheduler.taskState("other").reason).toBe("branch");
    expect(status).toBe("failed");
  });

  test("goes on where nothing was chosen, and where the choice was skipped", () => {
    for (const choices of [{ when: "false" }, { when: "true", skip: "false" }]) {
      const definition = workflow("main", {}, () => {
        const a = executor("a", done);
        const pick = choice("pick", [{ when: choices.when, run: a }], {
          ...(choices.skip !== undefined && { when: choices.skip }),
        });
        return { nodes: [a, pick, executor("next", { ...done, after: [pick] })] };
      });
      expect(run(definition).statuses).toMatchObject({ a: "skipped", next: "succeeded" });
    }
  });
});

describe("the first of several targets, with a choice among them", () => {
  const definition = workflow("main", {}, () => {
    const before = executor("before", done);
    const a1 = executor("a1", done);
    const a2 = executor("a2", done);
    const inner = choice("inner", [{ run: [a1, a2] }]);
    const spare = executor("spare", { ...done, after: [{ node: before, if: "succeeded" }] });
    const pick = choice("pick", [{ run: firstOf(inner, spare) }]);
    const next = executor("next", { ...done, after: [pick] });
    const mend = executor("mend", { ...done, after: [{ node: pick, if: "failed" }] });
    return { nodes: [before, a1, a2, inner, spare, pick, next, mend] };
  });

  test("is followed by the next one when what the choice chose failed", () => {
    const { statuses, status } = run(definition, { fail: ["a1"] });
    expect(statuses).toMatchObject({
      a2: "upstream-failed",
      spare: "succeeded",
      next: "succeeded",
      mend: "skipped",
    });
    expect(status).toBe("succeeded");
  });

  test("needs no spare when it did its work, whatever failed before the spare", () => {
    const { statuses } = run(definition, { fail: ["before"] });
    expect(statuses).toMatchObject({ a2: "succeeded", spare: "skipped", next: "succeeded", mend: "skipped" });
  });

  test("fails when all of them failed", () => {
    const { statuses, status } = run(definition, { fail: ["a2", "spare"] });
    expect(statuses).toMatchObject({ next: "upstream-failed", mend: "succeeded" });
    expect(status).toBe("failed");
  });
});
