import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvent } from "@scanflow/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { named, openTestEngine, planOf, type TestEngine, temporaryFolder } from "./engine.test.support.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { groupRunId, trackerRunId } from "./tracker-runs.ts";

let root: string;
let remove: () => Promise<void>;
let rooms: TestEngine;

beforeEach(async () => {
  const folder = await temporaryFolder();
  root = folder.path;
  remove = folder.remove;
  rooms = await openTestEngine(root);
});

afterEach(async () => {
  await rooms.close();
  await remove();
});

function summary(events: readonly RunEvent[]) {
  const finished = named(events, "run-finished")[0];
  return Object.fromEntries(
    finished?.tasks.map(({ name, status, cached }) => [name, cached ? "cached" : status]) ?? [],
  );
}

const chain = {
  a: { run: "echo one > {{outputs.x}}", outputs: ["x"], inputs: { raw: { file: "raw.txt" } } },
  b: { run: "cat {{inputs.x}} {{inputs.x}} > {{outputs.y}}", inputs: { x: "a.x" }, outputs: ["y"] },
  c: { run: "wc -l {{inputs.y}}", inputs: { y: "b.y" } },
};

test("a chain runs, and a second time it is taken from the cache", async () => {
  await writeFile(join(root, "raw.txt"), "raw");
  expect(summary(await rooms.run(planOf(chain)))).toEqual({ a: "succeeded", b: "succeeded", c: "succeeded" });
  expect(summary(await rooms.run(planOf(chain)))).toEqual({ a: "cached", b: "cached", c: "cached" });
});

test("a changed input runs again what depends on its changed outputs, no more, and says why", async () => {
  await writeFile(join(root, "raw.txt"), "raw");
  await rooms.run(planOf(chain));
  await writeFile(join(root, "raw.txt"), "other");
  const events = await rooms.run(planOf(chain));
  expect(summary(events)).toEqual({ a: "succeeded", b: "cached", c: "cached" });
  expect(named(events, "attempt-started")[0]?.miss).toEqual({ reason: "changed", changed: ["input: raw"] });
});

test("items that go one at a time are on record one after the other", async () => {
  const each = { run: "true", map: { over: [1, 2, 3], concurrency: 1 } };
  const events = await rooms.run(planOf({ each }));
  const told = events.flatMap(({ event }) => /^attempt-(started|succeeded)$/.exec(event)?.[1] ?? []);
  expect(told).toEqual(["started", "succeeded", "started", "succeeded", "started", "succeeded"]);
});

test("replaying the stored events gives the engine's state, byte for byte", async () => {
  const plan = planOf({
    list: { run: `echo '{"items": [1, 2, 3]}' > "$SCANFLOW_RESULT_FILE"` },
    each: {
      run: "echo $SCANFLOW_ITEM > {{outputs.square}}",
      map: { over: { expression: "nodes.list.result.items" } },
      outputs: ["square"],
    },
    all: {
      run: "cat {{inputs.squares}}/* > {{outputs.sum}}",
      inputs: { squares: "each.square" },
      outputs: ["sum"],
    },
    never: { run: "true", when: "nodes.list.result.items == null" },
    fails: { run: "exit 3", allowFailure: true },
  });
  const run = await rooms.engine.start(plan);
  await run.rest();
  const replayed = new Scheduler(plan, run.id);
  replayed.replay(await rooms.engine.journal.events(run.id));
  expect(replayed.serialize()).toBe(run.scheduler.serialize());
  expect(summary(await rooms.engine.journal.events(run.id))).toEqual({
    list: "succeeded",
    "each[0]": "succeeded",
    "each[1]": "succeeded",
    "each[2]": "succeeded",
    all: "succeeded",
    never: "skipped",
    fails: "failed",
  });
});

test("a failing command is tried again with the delay it asks for, then fails the run with its code", async () => {
  const events = await rooms.run(
    planOf({
      flaky: { run: "exit 7", retry: { limit: 2, delay: 5, jitter: 0 } },
      after: { run: "true", after: ["flaky"] },
    }),
  );
  const failures = named(events, "attempt-failed");
  expect(failures.map(({ attempt, error }) => [attempt, error.code])).toEqual([
    [1, "SCANFLOW_TASK_FAILED"],
    [2, "SCANFLOW_TASK_FAILED"],
    [3, "SCANFLOW_TASK_FAILED"],
  ]);
  expect(failures.map(({ time, retryAt }) => (retryAt === null ? null : retryAt - time >= 4))).toEqual([
    true,
    true,
    null,
  ]);
  expect(summary(events)).toEqual({ flaky: "failed", after: "upstream-failed" });
});

test("a run waits for a person, and goes on with the answer", async () => {
  const plan = planOf({
    ask: { kind: "approval", message: "Ship it?" },
    ship: { run: "true", after: ["ask"] },
  });
  const run = await rooms.engine.start(plan);
  expect(await run.rest()).toBe("waiting");
  expect(run.status).toBe("waiting");
  run.send({ kind: "decide", task: "ask", approved: true, by: "ada", comment: "" });
  expect(await run.rest()).toBe("finished");
  expect(run.status).toBe("succeeded");
});

test("cancelling ends what runs and what would run", async () => {
  const run = await rooms.engine.start(planOf({ a: { run: "sleep 600" }, b: { run: "true", after: ["a"] } }));
  await new Promise<void>((resolve) =>
    run.onEvents((events) => named(events, "attempt-started").length > 0 && resolve()),
  );
  run.send({ kind: "cancel", reason: "asked to" });
  await run.rest();
  expect(summary(await rooms.engine.journal.events(run.id))).toEqual({ a: "cancelled", b: "cancelled" });
});

test("a paused run starts nothing until it is continued", async () => {
  const plan = planOf({ a: { run: "true" }, b: { run: "true", after: ["a"] } });
  const run = await rooms.engine.start(plan);
  run.send({ kind: "pause" });
  expect(await run.rest()).toBe("paused");
  const started = named(await rooms.engine.journal.events(run.id), "attempt-started").length;
  expect(started).toBeLessThan(2);
  await rooms.engine.resume(run.id);
  expect(await run.rest()).toBe("finished");
  expect(run.status).toBe("succeeded");
});

test("a run whose tasks wait for the machine can be paused and cancelled while another run holds it", async () => {
  const holder = await rooms.engine.start(planOf({ all: { run: "sleep 600", resources: { cpu: 2 } } }));
  await new Promise<void>((resolve) =>
    holder.onEvents((events) => named(events, "attempt-started").length > 0 && resolve()),
  );
  const waiting = await rooms.engine.start(planOf({ a: { run: "true" }, b: { run: "true", after: ["a"] } }));
  waiting.send({ kind: "pause" });
  expect(await waiting.rest()).toBe("paused");
  await rooms.engine.resume(waiting.id);
  waiting.send({ kind: "cancel", reason: "asked to" });
  expect(await waiting.rest()).toBe("finished");
  expect(waiting.status).toBe("cancelled");
  holder.send({ kind: "cancel", reason: "enough" });
  expect(await holder.rest()).toBe("finished");
});

test("a task that asks for more than the machine has is refused with what to do", async () => {
  const events = await rooms.run(planOf({ huge: { run: "true", resources: { cpu: 512 } } }));
  expect(named(events, "task-skipped")[0]?.detail).toMatch(
    /can never start here: it asks for 512 cpu of 2.*Ask for less/,
  );
});

test("an engine that is closed in mid-run leaves a run that the next one finishes without running anything twice", async () => {
  const effects = join(root, "effects");
  const plan = planOf({
    a: { run: `echo a >> ${effects}` },
    b: { run: `echo b >> ${effects}; sleep 600`, after: ["a"], cache: false },
    c: { run: `echo c >> ${effects}`, after: ["b"] },
  });
  const run = await rooms.engine.start(plan);
  await new Promise<void>((resolve) =>
    run.onEvents((events) => {
      if (named(events, "attempt-started").some(({ task }) => task === "b")) resolve();
    }),
  );
  await rooms.close();
  rooms = await openTestEngine(root);
  const resumed = await rooms.engine.resume(run.id);
  await new Promise<void>((resolve) =>
    resumed.onEvents((events) => {
      if (named(events, "attempt-started").some(({ task }) => task === "b")) resolve();
    }),
  );
  resumed.send({ kind: "cancel", reason: "enough seen" });
  await resumed.rest();
  const lines = (await readFile(effects, "utf8")).trim().split("\n");
  expect(lines.filter((line) => line === "a")).toHaveLength(1);
  expect(resumed.scheduler.taskState("a").status).toBe("succeeded");
});

test("each attempt has a tracker run under its workflow's run, with what it used", async () => {
  const events = await rooms.run(planOf({ a: { run: "echo x > {{outputs.x}}", outputs: ["x"] } }));
  const run = events[0]?.run ?? "";
  const attempt = await rooms.tracking.getRun(trackerRunId(run, "a", 1));
  expect(attempt.info.status).toBe("FINISHED");
  expect(attempt.tags).toContainEqual({ key: "mlflow.parentRunId", value: groupRunId(run, "") });
});

test("tasks are handed their params in one order, whether the run is new or was taken up again", async () => {
  const show = {
    run: "cat $SCANFLOW_PARAMS_FILE > {{outputs.x}}",
    params: { z: 1, a: 2 },
    outputs: ["x"],
    cache: false,
  };
  const plan = planOf({
    ask: { kind: "approval", message: "?" },
    before: show,
    after: { ...show, after: ["ask"] },
  });
  const run = await rooms.engine.start(plan);
  await run.rest();
  await rooms.close();
  rooms = await openTestEngine(root);
  const resumed = await rooms.engine.resume(run.id);
  await resumed.rest();
  resumed.send({ kind: "decide", task: "ask", approved: true, by: "ada", comment: "" });
  await resumed.rest();
  const made = named(await rooms.engine.journal.events(run.id), "attempt-succeeded").map(
    ({ outputs }) => outputs.x,
  );
  expect(made).toHaveLength(2);
  expect(new Set(made).size).toBe(1);
});
