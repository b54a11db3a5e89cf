import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { RunDetail, TaskRow } from "../api/index.ts";
import { Output } from "./output.ts";
import { printSummary } from "./summary.ts";

function failedTask(id: string, endedAt: number, attempts: number): TaskRow {
  return {
    ...{ id, kind: "executor", description: "", status: "failed", attempts, cached: false, endedAt },
    ...{
      startedAt: 0,
      ranMs: 0,
      retryAt: null,
      reason: null,
      result: {},
      metrics: {},
      outputs: {},
      items: null,
    },
    ...{ error: { code: "SCANFLOW_TASK_FAILED", message: "It failed." }, message: null, last: true },
  };
}

function nextSteps(...tasks: TaskRow[]): string[] {
  const out = new PassThrough();
  const detail: RunDetail = {
    ...{ run: "r1", application: "a", workflow: "w", status: "failed", created: 0, finished: 9, params: {} },
    ...{
      user: null,
      cause: { kind: "manual" },
      cancelReason: null,
      mode: "batch",
      plan: "",
      seq: 1,
      tasks,
      models: [],
      data: {},
    },
  };
  printSummary(detail, new Output({ json: false, color: false, out: out as unknown as NodeJS.WriteStream }));
  const [, steps = ""] = String(out.read()).split("look next:\n");
  return steps
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
}

test("what failed first is looked at first, wherever it stands in the plan", () => {
  const steps = nextSteps(failedTask("late", 8, 1), failedTask("early", 3, 1));
  expect(steps).toEqual(["scanflow logs r1 early", "scanflow retry r1", "scanflow show r1"]);
});

test("what failed first without being started has no log to look at", () => {
  const steps = nextSteps(failedTask("late", 8, 1), failedTask("early", 3, 0));
  expect(steps).toEqual(["scanflow show r1", "scanflow retry r1"]);
});
