import type { EventBody, PlanTask, RunEvent } from "@scanflow/core";
import { describe, expect, test } from "vitest";
import { BASE, data, from, holds, order, run, work } from "./told-run.test.support.ts";

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
      made: { task: "b", output: "out" },
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

describe("an input", () => {
  const optional = { path: "opt", type: "any", optional: true, register: null, description: "" } as const;
  const two = { opt: optional, out: { ...optional, path: "out", optional: false } };
  const both = (...of: [string, string][]) =>
    ({ kind: "output", of: of.map(([task, output]) => ({ task, output })) }) as const;
  const silent = work("a", { outputs: { opt: optional } });

  test("needs only one of its alternatives, whatever else comes from the same task", () => {
    const edges = [data("a", "inputs.x"), data("b", "inputs.x"), data("a")];
    const inputs = { x: both(["a", "opt"], ["b", "out"]), y: both(["b", "out"]) };
    const { statuses, scheduler } = run([silent, work("b"), work("c", { upstreams: edges, inputs })], {
      empty: ["a"],
    });
    expect(statuses.c).toBe("succeeded");
    expect(scheduler.attemptInputs("c").inputs.x).toMatchObject({ digest: "sha256:b" });
  });

  test("may have two outputs of one task as its alternatives", () => {
    const x = both(["a", "opt"], ["a", "out"]);
    const c = work("c", { upstreams: [data("a", "inputs.x")], inputs: { x } });
    const { statuses } = run([work("a", { outputs: two }), c], { empty: ["a"] });
    expect(statuses.c).toBe("skipped");
    expect(run([work("a", { outputs: two }), c]).statuses.c).toBe("succeeded");
  });

  test("with a file to fall back on needs no task, but awaits them", () => {
    const x = { ...from("a"), fallback: "known.csv" };
    const tasks = [work("a"), work("b", { upstreams: [data("a", "inputs.x")], inputs: { x } })];
    expect(run(tasks).scheduler.attemptInputs("b").inputs.x).toMatchObject({ digest: "sha256:a" });
    const failed = run(tasks, { fail: ["a"] });
    expect(failed.statuses.b).toBe("succeeded");
    expect(failed.scheduler.attemptInputs("b").inputs.x).toEqual({ kind: "file", path: "known.csv" });
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

test("an item that is retried takes along what hangs on its map", () => {
  const over = { kind: "literal", value: [1, 2] } as const;
  const map: PlanTask = { ...BASE, id: "fit", name: "fit", kind: "map", over, concurrency: null };
  const item = work("fit[*]", {
    maps: ["fit"],
    upstreams: [order("fit")],
    guards: [{ kind: "entry", task: "fit" }],
  });
  const gather = work("gather", { upstreams: [data("fit[*]")], inputs: { x: from("fit[*]") } });
  const { statuses, scheduler } = run([map, item, gather], { fail: ["fit[1]"] });
  expect(statuses).toMatchObject({ "fit[0]": "succeeded", "fit[1]": "failed", gather: "upstream-failed" });
  const stamp = (body: EventBody): RunEvent => ({ seq: 100, run: "r", time: 0, ...body });
  const { events } = scheduler.handle({ kind: "retry", now: 0, tasks: ["fit[1]"] }, stamp);
  expect(events).toMatchObject([{ event: "run-retried", tasks: ["fit[1]", "gather"] }]);
});
