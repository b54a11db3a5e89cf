import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ActiveRun } from "./active-run.ts";
import { go, heard, held, named, planOf, statuses, testEngine } from "./engine.test.support.ts";

test("a retry of a run that is active starts no running task again", async () => {
  const { root, engine } = await testEngine();
  const plan = planOf({ bad: { run: "exit 1" }, slow: { run: `echo started >> starts; ${held}` } });
  const run = await engine.start(plan);
  await Promise.all([heard(run, "attempt-failed", "bad"), heard(run, "attempt-started", "slow")]);
  const again = heard(run, "attempt-failed", "bad");
  await engine.retry(run.id, null);
  await again;
  await go(root);
  expect(await run.rest()).toBe("finished");
  expect(statuses(run)).toEqual({ bad: "failed", slow: "succeeded" });
  expect(await readFile(join(root, "starts"), "utf8")).toBe("started\n");
});

test("a retry while the run is cancelled changes nothing", async () => {
  const { engine } = await testEngine();
  const run = await engine.start(planOf({ bad: { run: "exit 1" }, slow: { run: held } }));
  await Promise.all([heard(run, "attempt-failed", "bad"), heard(run, "attempt-started", "slow")]);
  run.send({ kind: "cancel", reason: "enough" });
  await engine.retry(run.id, null);
  expect(await run.rest()).toBe("finished");
  expect(run.status).toBe("cancelled");
  expect(named(await engine.journal.events(run.id), "run-retried")).toEqual([]);
});

test("retrying one map item runs again what hangs on all of them", async () => {
  const { root, engine } = await testEngine();
  const plan = planOf({
    list: { run: `echo '{"items": [1, 2]}' > "$SCANFLOW_RESULT_FILE"` },
    each: {
      run: `echo y > {{outputs.y}}; test "$SCANFLOW_ITEM" = 1 || test -e go`,
      after: ["list"],
      map: { over: { expression: "nodes.list.result.items" } },
      outputs: ["y"],
    },
    all: { run: "ls {{inputs.y}}", inputs: { y: "each.y" } },
  });
  const run = await engine.start(plan);
  await run.rest();
  expect(statuses(run)).toMatchObject({
    "each[0]": "succeeded",
    "each[1]": "failed",
    all: "upstream-failed",
  });
  await go(root);
  const again = await engine.retry(run.id, ["each[1]"]);
  await again.rest();
  expect(again.status).toBe("succeeded");
  expect(again.scheduler.taskState("all").status).toBe("succeeded");
  expect(again.scheduler.taskState("each[0]").attempts).toBe(1);
});

test("a named map that was opened is not opened twice", async () => {
  const { engine } = await testEngine();
  const run = await engine.start(planOf({ each: { map: { over: [1, 2] }, run: "true" } }));
  await run.rest();
  const before = statuses(run);
  const again = await engine.retry(run.id, ["each"]);
  await again.rest();
  expect(statuses(again)).toEqual(before);
  const events = await engine.journal.events(run.id);
  expect(named(events, "task-expanded")).toHaveLength(1);
  expect(named(events, "attempt-started")).toHaveLength(2);
});

const flaky = (delay: string | number) =>
  planOf({ flaky: { run: "exit 1", retry: { limit: 1, delay, maxDelay: delay, jitter: 0 } } });

test.each([
  [{ kind: "pause" }, "paused"],
  [{ kind: "cancel", reason: "enough" }, "finished"],
] as const)("a run that is told to %o while a retry waits rests at once", async (input, rest) => {
  const { engine } = await testEngine();
  const run = await engine.start(flaky("1h"));
  await heard(run, "attempt-failed");
  run.send(input);
  expect(await run.rest()).toBe(rest);
});

test("a run that was paused while a retry waited makes it once it goes on", async () => {
  const { engine } = await testEngine();
  const run = await engine.start(flaky(400));
  await heard(run, "attempt-failed");
  run.send({ kind: "pause" });
  await run.rest();
  await engine.resume(run.id);
  expect(await run.rest()).toBe("finished");
  expect(run.scheduler.taskState("flaky").attempts).toBe(2);
});

test("a wake-up opens no task twice: a map of flaky tasks ends, and gives back all it held", async () => {
  let run: ActiveRun | undefined;
  // More wake-ups than any timer gives, each among the inputs that came while events were stored.
  const probe = (point: string) => point === "journal:before" && run?.send({ kind: "wake" });
  const { root, engine } = await testEngine({ probe });
  const step = `import { existsSync, writeFileSync } from "node:fs";
    export default async ({ checkpoint }) => {
      const known = checkpoint + "/known";
      if (existsSync(known)) return {};
      writeFileSync(known, "");
      throw new Error("the first time");
    };`;
  await writeFile(join(root, "step.mjs"), step);
  const retry = { limit: 1, delay: 5, factor: 1, jitter: 1 };
  const over = Array.from({ length: 40 }, (_, item) => item);
  run = await engine.start(planOf({ each: { map: { over }, run: { module: "step.mjs" }, retry } }));
  expect(await run.rest()).toBe("finished");
  expect(run.status).toBe("succeeded");
  const next = await engine.start(planOf({ all: { run: "true", resources: { cpu: 2 } } }));
  expect(await next.rest()).toBe("finished");
});
