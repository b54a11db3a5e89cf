import type { EventBody, RunEvent } from "@scanflow/core";
import { expect, test } from "vitest";
import type { RunDetail, TaskRow } from "../../api/index.ts";
import { widthOf } from "../text/width.ts";
import { picture } from "./picture.ts";
import { RunView } from "./run-view.ts";

function row(id: string, kind: TaskRow["kind"] = "executor"): TaskRow {
  return {
    ...{
      id,
      kind,
      description: "",
      status: "pending",
      attempts: 0,
      cached: false,
      startedAt: null,
      endedAt: null,
      ranMs: 0,
    },
    ...{ retryAt: null, reason: null, error: null, result: {}, metrics: {}, outputs: {}, items: null },
    ...{ message: null, last: false },
  };
}

function view(rows: TaskRow[]): { view: RunView; take: (...events: [number, EventBody][]) => void } {
  const facts = {
    application: "a",
    workflow: "digits",
    status: "running",
    created: 0,
    finished: null,
  } as const;
  const rest = {
    params: {},
    user: null,
    cause: { kind: "manual" },
    cancelReason: null,
    mode: "batch",
    data: {},
    plan: "",
    seq: 0,
    models: [],
  } as const;
  const made = new RunView({ run: "r1", ...facts, ...rest, tasks: rows, models: [] } satisfies RunDetail);
  let seq = 0;
  return {
    view: made,
    take: (...events) => {
      for (const [time, body] of events) made.take({ seq: ++seq, run: "r1", time, ...body } as RunEvent);
    },
  };
}

const usage = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };
const started = (task: string, attempt = 1): EventBody => ({
  ...{ event: "attempt-started", task, attempt, token: "t", key: null },
  miss: { reason: "first-run", changed: [] },
});
const failed = (task: string, retryAt: number | null): EventBody => ({
  ...{ event: "attempt-failed", task, attempt: 1, token: "t", retryAt, usage },
  error: { code: "SCANFLOW_TASK_FAILED", message: "It failed. The log:\noh" },
});
const ended = (task: string): EventBody => ({
  ...{
    event: "attempt-succeeded",
    task,
    attempt: 1,
    token: "t",
    outputs: {},
    result: {},
    metrics: {},
    usage,
  },
});
const options = { width: 60, height: 20, now: 10_000, frame: 0, style: (_: unknown, text: string) => text };

test("each task has its mark, its time and its last words; nested ones stand below theirs", () => {
  const { view: shown, take } = view([
    row("split"),
    row("train", "entry"),
    row("train/softmax"),
    row("train/mlp"),
    row("report"),
    row("ask", "approval"),
  ]);
  take([0, started("split")], [1500, ended("split")], [1500, { event: "task-opened", task: "train" }]);
  take([2000, started("train/softmax")], [3000, started("train/mlp")], [4000, failed("train/mlp", 12_500)]);
  take([5000, { event: "approval-requested", task: "ask", message: "Ship it?" }]);
  shown.line("train/softmax", "epoch 1");
  shown.line("train/softmax", "epoch 2\u001b[K");
  expect(picture(shown, options)).toEqual([
    "digits r1  10.0 s",
    "✓ split         1.5 s",
    "  train    ",
    "⠋   softmax     8.0 s  epoch 2",
    "·   mlp                next try in 2.5 s (attempt 2): It fa…",
    "· report             ",
    "? ask           5.0 s  Ship it?",
    "1 done, 1 running, 1 waiting, 2 pending",
  ]);
});

test("a hundred tasks fit into any window, and those that run are seen", () => {
  const ids = Array.from({ length: 100 }, (_, at) => `task-${at}`);
  const { view: shown, take } = view(ids.map((id) => row(id)));
  take([0, started("task-7")], [0, started("task-93")]);
  for (const [width, height] of [
    [60, 10],
    [21, 4],
    [200, 50],
  ] as const) {
    const lines = picture(shown, { ...options, width, height });
    expect(lines.length).toBeLessThan(height);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    if (height > 5) expect(lines.filter((line) => line.startsWith("⠋"))).toHaveLength(2);
    expect(lines.join("\n")).toContain("more: ");
  }
});

test("a retry of the run makes its tasks pending again, a skip says why", () => {
  const { view: shown, take } = view([row("a"), row("b")]);
  take([0, started("a")], [100, failed("a", null)]);
  const skipped = { event: "task-skipped", task: "b", status: "upstream-failed" } as const;
  take([100, { ...skipped, reason: "upstream-failed", detail: "a" }]);
  expect(picture(shown, options).slice(1, 3)).toEqual([
    "✗ a     0.1 s  It failed.",
    "- b   not run  it needs a, which did not succeed",
  ]);
  take([200, { event: "run-retried", tasks: ["a", "b"] }], [300, started("a", 2)]);
  expect(picture(shown, options)[1]).toBe("⠋ a     9.7 s");
});

test("items of a map stand beside their indices, also those of a map within a map", () => {
  const { view: shown, take } = view([row("list"), { ...row("fetch", "map"), items: ["Turin"] }]);
  shown.line("fetch[0]", "hello");
  take([0, { event: "task-expanded", task: "train", items: [{ rate: 0.1 }, { rate: 0.5 }] }]);
  take([0, { event: "task-expanded", task: "train[1]/fit", items: [null] }], [0, started("train[1]/fit[0]")]);
  const named = picture(shown, options).map((line) => line.slice(2).replace(/(\S) {3,}.*/, "$1"));
  expect(named.slice(1, -1).map((name) => name.trimEnd())).toEqual([
    ...["list", "fetch", "  [0] Turin", "train", "  [1] rate=0.5", "    fit", "      [0] null"],
  ]);
});

test("an attempt that its owner took with it is no failure, and a task cancelled after it says so", () => {
  const { view: shown, take } = view([row("a")]);
  const error = { code: "SCANFLOW_ATTEMPT_LOST", message: "The owner ended." };
  const lost: EventBody = {
    event: "attempt-failed",
    task: "a",
    attempt: 1,
    token: "t",
    retryAt: 50,
    usage,
    error,
  };
  take([0, started("a")], [50, lost]);
  expect(picture(shown, options)[1]).toBe("· a            interrupted; runs again");
  const cancelled = { status: "cancelled", reason: "cancelled", detail: "enough" } as const;
  take([60, { event: "task-skipped", task: "a", ...cancelled }]);
  expect(picture(shown, options)[1]).toMatch(/^✗ a .*enough$/);
});
