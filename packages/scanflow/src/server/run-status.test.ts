import { type EventBody, planWorkflow, type RunEvent, requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { Scheduler } from "../engine/index.ts";
import { statusAtRest } from "./run-status.ts";

test("a run that nobody has in hand waits for a person only when nothing of it could go on without one", () => {
  const nodes = {
    ask: { kind: "approval", message: "?" },
    work: { run: "true", retry: { limit: 1, delay: "1m" } },
  };
  const scheduler = new Scheduler(
    planWorkflow(requireApplication({ application: "app", workflows: { w: { nodes } } })),
    "r",
  );
  let seq = 0;
  const stamp = (body: EventBody): RunEvent => ({ seq: ++seq, run: "r", time: 0, ...body });
  const device = { kind: "x", cpus: 1, memory: 1, gpus: 0, platform: "linux", arch: "x64" };
  const capacity = { cpu: 1, memory: 1, gpu: 0, tasks: 1 };
  const named = { application: "app", workflow: "w", plan: "sha256:0", params: {}, user: null } as const;
  const cause = { kind: "manual" } as const;
  const usage = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };
  const error = { code: "SCANFLOW_TASK_FAILED", message: "no" };
  const place = (attempt: number) => ({ now: 0, task: "work", attempt, token: `o-r-1-${attempt}` });
  const begin = () =>
    scheduler.handle(
      { kind: "admitted", now: 0, task: "work", key: null, miss: { reason: "off", changed: [] } },
      stamp,
    );

  scheduler.handle(
    { kind: "create", now: 0, owner: "o", ...named, device, capacity, cache: false, cause },
    stamp,
  );
  expect(statusAtRest(scheduler)).toBe("interrupted");
  begin();
  expect(statusAtRest(scheduler)).toBe("interrupted");
  scheduler.handle({ kind: "failed", ...place(1), error, retryable: true, usage }, stamp);
  expect(statusAtRest(scheduler)).toBe("interrupted");
  begin();
  scheduler.handle({ kind: "succeeded", ...place(2), outputs: {}, result: {}, metrics: {}, usage }, stamp);
  expect(statusAtRest(scheduler)).toBe("waiting");
});
