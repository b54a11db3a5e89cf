import { type EdgeCondition, type Plan, type PlanTask, parseExpression, type RunEvent } from "@scanflow/core";
import { describe, expect, test } from "vitest";
import { Scheduler } from "./scheduler.ts";

const DEVICE = { kind: "typeA", cpus: 2, memory: 1, gpus: 0, platform: "linux", arch: "x64" };
const CAPACITY = { cpu: 2, memory: 1, gpu: 0, tasks: 9 };
const USAGE = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };

const BASE = { description: "", group: "", maps: [], upstreams: [], guards: [], when: null } as const;

function work(
  id: string,
  rest: Partial<Extract<PlanTask, { kind: "executor" | "checker" | "service" }>> = {},
): PlanTask {
  return {
    ...BASE,
    id,
    name: id,
    kind: "executor",
    run: { kind: "command", command: "true" },
    code: [],
    inputs: {},
    outputs: { out: { path: "out", type: "any", optional: false, register: null, description: "" } },
    params: {},
    environment: { kind: "host" },
    resources: { cpu: 1, memory: 0, gpu: 0, storage: 0 },
    env: {},
    secrets: [],
    retry: { limit: 0, delayMs: 0, factor: 2, maxDelayMs: 0, jitter: 0 },
    timeout: { startMs: null, runMs: null, heartbeatMs: null },
    cache: true,
    allowFailure: false,
    failOn: "never",
    tracker: "",
    service: null,
    ...rest,
  };
}

const order = (task: string, condition: EdgeCondition = "succeeded") =>
  ({ task, kind: "order", if: condition }) as const;
const data = (task: string, join?: string) =>
  ({ task, kind: "data", if: "succeeded", ...(join === undefined ? {} : { join }) }) as const;
const from = (...tasks: string[]) =>
  ({ kind: "output", of: tasks.map((task) => ({ task, output: "out" })) }) as const;
const holds = (text: string) => parseExpression(text, { names: "plan" });

/** Runs a plan in order of opening; tasks named in `fail` fail, those in `empty` write no output. */
function run(
  tasks: readonly PlanTask[],
  { fail = [], empty = [] }: { fail?: string[]; empty?: string[] } = {},
) {
  const plan: Plan = {
    version: 1,
    application: "app",
    workflow: "w",
    mode: "batch",
    params: {},
    groups: [{ id: "", workflow: "w", description: "", parent: null, tracker: "" }],
    trackers: [{ id: "", name: "embedded", port: null, group: "" }],
    tasks,
  };
  const scheduler = new Scheduler(plan, "r");
  const events: RunEvent[] = [];
  const stamp = (body: Parameters<Parameters<Scheduler["handle"]>[1]>[0]): RunEvent => {
    const event = { seq: events.length + 1, run: "r", time: 0, ...body };
    events.push(event);
    return event;
  };
  const facts = {
    application: "app",
    workflow: "w",
    plan: "p",
    params: {},
    device: DEVICE,
    capacity: CAPACITY,
  };
  const created = { ...facts, cache: true, cause: { kind: "manual" }, user: null, owner: "o" } as const;
  const queue = [...scheduler.handle({ kind: "create", now: 0, ...created }, stamp).commands];
  for (let command = queue.shift(); command; command = queue.shift()) {
    if (command.kind === "open") {
      const miss = { reason: "off", changed: [] } as const;
      queue.push(
        ...scheduler.handle({ kind: "admitted", now: 0, task: command.task, key: null, miss }, stamp)
          .commands,
      );
    }
    if (command.kind !== "start") continue;
    const { task, attempt, token } = command;
    const answer = { now: 0, task, attempt, token, usage: USAGE };
    const error = { code: "SCANFLOW_TASK_FAILED", message: "told to" };
    const outputs = empty.includes(task) ? {} : { out: `sha256:${task}` };
    const decision = fail.includes(task)
      ? scheduler.handle({ kind: "failed", ...answer, error, retryable: false }, stamp)
      : scheduler.handle({ kind: "succeeded", ...answer, outputs, result: {}, metrics: {} }, stamp);
    queue.push(...decision.commands);
  }
  const statuses = Object.fromEntries(scheduler.state.tasks.map(({ id, status }) => [id, status]));
  return { statuses, status: scheduler.state.status, scheduler };
}

describe("an edge of data", () => {
  test("carries a skip on", () => {
    const { statuses, status } = run([
      work("a", { when: holds("false") }),
      work("b", { upstreams: [data("a")], inputs: { x: from("a") } }),
      work("c", { upstreams: [data("b")], inputs: { x: from("b") } }),
    ]);
    expect(statuses).toEqual({ a: "skipped", b: "skipped", c: "skipped" });
    expect(status).toBe("succeeded");
  });

  test("skips when an optional output was not written", () => {
    const outputs = {
      out: { path: "out", type: "any", optional: true, register: null, description: "" },
    } as const;
    const tasks = [work("a", { outputs }), work("b", { upstreams: [data("a")], inputs: { x: from("a") } })];
    expect(run(tasks, { empty: ["a"] }).statuses).toEqual({ a: "succeeded", b: "skipped" });
  });

  test("of a join needs one alternative, and takes the first that was produced", () => {
    const { statuses, scheduler } = run([
      work("a", { when: holds("false") }),
      work("b"),
      work("c", { upstreams: [data("a", "x"), data("b", "x")], inputs: { x: from("a", "b") } }),
    ]);
    expect(statuses.c).toBe("succeeded");
    expect(scheduler.attemptInputs("c").inputs.x).toEqual({
      kind: "artifact",
      digest: "sha256:b",
      path: "out",
    });
  });

  test("of a join skips when no alternative was produced", () => {
    const off = { when: holds("false") };
    const join = { upstreams: [data("a", "x"), data("b", "x")], inputs: { x: from("a", "b") } };
    expect(run([work("a", off), work("b", off), work("c", join)]).statuses.c).toBe("skipped");
  });
});

describe("an edge of order", () => {
  test("is passed when its upstream was skipped", () => {
    const tasks = [work("a", { when: holds("false") }), work("b", { upstreams: [order("a")] })];
    expect(run(tasks).statuses).toEqual({ a: "skipped", b: "succeeded" });
  });

  test("with if: failed runs only after a failure", () => {
    const tasks = [work("a"), work("b", { upstreams: [order("a", "failed")] })];
    expect(run(tasks).statuses.b).toBe("skipped");
    expect(run(tasks, { fail: ["a"] }).statuses.b).toBe("succeeded");
  });

  test("with if: finished runs after any end", () => {
    const tasks = [work("a"), work("b", { upstreams: [order("a", "finished")] })];
    expect(run(tasks).statuses.b).toBe("succeeded");
    expect(run(tasks, { fail: ["a"] }).statuses.b).toBe("succeeded");
  });
});

describe("a failure", () => {
  const tasks = [
    work("a"),
    work("b", { upstreams: [order("a")] }),
    work("c", { upstreams: [order("b")] }),
    work("d"),
  ];

  test("stops all that needs it, and nothing else", () => {
    const { statuses, status } = run(tasks, { fail: ["a"] });
    expect(statuses).toEqual({ a: "failed", b: "upstream-failed", c: "upstream-failed", d: "succeeded" });
    expect(status).toBe("failed");
  });

  test("that is allowed lets order pass and skips what needs its data", () => {
    const { statuses, status } = run(
      [
        work("a", { allowFailure: true }),
        work("b", { upstreams: [order("a")] }),
        work("c", { upstreams: [data("a")], inputs: { x: from("a") } }),
      ],
      { fail: ["a"] },
    );
    expect(statuses).toEqual({ a: "failed", b: "succeeded", c: "skipped" });
    expect(status).toBe("succeeded");
  });

  test("outweighs a skip", () => {
    const { statuses } = run(
      [
        work("a"),
        work("b", { when: holds("false") }),
        work("c", { upstreams: [data("a"), data("b")], inputs: { x: from("a"), y: from("b") } }),
      ],
      { fail: ["a"] },
    );
    expect(statuses.c).toBe("upstream-failed");
  });
});

describe("a choice", () => {
  const branch = (when: string | null, ...targets: string[]) => ({
    when: when === null ? null : holds(when),
    targets,
    outputs: {},
  });
  const choice: PlanTask = {
    ...BASE,
    id: "route",
    name: "route",
    kind: "choice",
    branches: [
      branch('device.kind == "typeA"', "a"),
      branch('device.kind == "typeB"', "b"),
      branch(null, "c"),
    ],
  };
  const target = (id: string, at: number, rest: Parameters<typeof work>[1] = {}) =>
    work(id, {
      upstreams: [order("route")],
      guards: [{ kind: "branch", choice: "route", branch: at }],
      ...rest,
    });

  test("runs the first branch whose condition holds and skips the others", () => {
    const { statuses } = run([choice, target("a", 0), target("b", 1), target("c", 2)]);
    expect(statuses).toEqual({ route: "succeeded", a: "succeeded", b: "skipped", c: "skipped" });
  });

  test("falls back to the next target only when the one before it failed", () => {
    const fallback = target("b", 0, {
      upstreams: [order("route"), order("a", "finished")],
      guards: [
        { kind: "branch", choice: "route", branch: 0 },
        { kind: "fallback", failed: ["a"] },
      ],
    });
    const tasks = [choice, target("a", 0, { allowFailure: true }), fallback];
    expect(run(tasks).statuses).toMatchObject({ a: "succeeded", b: "skipped" });
    const failing = run(tasks, { fail: ["a"] });
    expect(failing.statuses).toMatchObject({ a: "failed", b: "succeeded" });
    expect(failing.status).toBe("succeeded");
    expect(run(tasks, { fail: ["a", "b"] }).status).toBe("failed");
  });
});

test("a condition that meets a value of the wrong type fails its task and says so", () => {
  const { statuses, status, scheduler } = run([work("a", { when: holds("params.x > 1") })]);
  expect(statuses.a).toBe("skipped");
  expect(status).toBe("succeeded");
  const wrong = run([work("b"), work("c", { when: holds("tasks.b.status > 1") })]);
  expect(wrong.statuses.c).toBe("failed");
  expect(wrong.scheduler.taskState("c").error?.message).toContain("status");
  expect(scheduler.taskState("a").reason).toBe("condition");
});
