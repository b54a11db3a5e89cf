import type { Plan, RunEvent } from "@scanflow/core";
import { expect, test } from "vitest";
import { planOf } from "../engine.test.support.ts";
import { Scheduler } from "./scheduler.ts";

const USAGE = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };

function events(plan: Plan, bodies: readonly Record<string, unknown>[]): Scheduler {
  const scheduler = new Scheduler(plan, "r");
  scheduler.replay(bodies.map((body, at) => ({ seq: at + 1, run: "r", task: "a", ...body }) as RunEvent));
  return scheduler;
}

test("a task's duration is the time its attempts ran, not the back-off between them nor the time without an owner", () => {
  const started = (attempt: number, time: number) => ({
    ...{ event: "attempt-started", attempt, time, token: `t${attempt}`, key: null },
    miss: { reason: "off", changed: [] },
  });
  const failed = (attempt: number, time: number, code: string, retryAt: number) => ({
    ...{ event: "attempt-failed", attempt, time, token: `t${attempt}`, retryAt, usage: USAGE },
    error: { code, message: "" },
  });
  const scheduler = events(planOf({ a: { run: "true", retry: 3 } }), [
    started(1, 1000),
    failed(1, 1500, "SCANFLOW_TASK_FAILED", 60_000),
    started(2, 60_000),
    failed(2, 3_600_000, "SCANFLOW_ATTEMPT_LOST", 3_600_000),
    started(3, 3_600_000),
    {
      ...{ event: "attempt-succeeded", attempt: 3, time: 3_600_250, token: "t3" },
      outputs: {},
      result: {},
      metrics: {},
      usage: USAGE,
    },
  ]);
  expect(scheduler.summary()).toEqual([
    { name: "a", status: "succeeded", cached: false, attempts: 3, durationMs: 750 },
  ]);
});
