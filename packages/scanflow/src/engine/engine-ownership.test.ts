import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvent } from "@scanflow/core";
import { expect, onTestFinished, test } from "vitest";
import {
  go,
  held,
  named,
  openTestEngine,
  planOf,
  statuses,
  temporaryFolder,
  testEngine,
} from "./engine.test.support.ts";

test("two that take a run up at once get the same one", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const before = await openTestEngine(folder.path);
  const plan = planOf({ ask: { kind: "approval", message: "?" }, ship: { run: "true", after: ["ask"] } });
  const first = await before.engine.start(plan);
  await first.rest();
  await before.close();
  const { engine, close } = await openTestEngine(folder.path);
  onTestFinished(close);
  const [one, other] = await Promise.all([engine.resume(first.id), engine.resume(first.id)]);
  expect(other).toBe(one);
  await one.rest();
  expect(named(await engine.journal.events(first.id), "run-resumed")).toHaveLength(1);
});

test("a run that ended is not taken up, and stays in nobody's hands", async () => {
  const { engine } = await testEngine();
  const run = await engine.start(planOf({ a: { run: "true" } }));
  await run.rest();
  await expect(engine.resume(run.id)).rejects.toMatchObject({ code: "SCANFLOW_RUN_ENDED" });
  expect(engine.activeRuns).toEqual([]);
});

test("a broken run gives back its share, of what runs and of what waits, and can be taken up again", async () => {
  let broken = false;
  const probe = (point: string, events: readonly RunEvent[]) => {
    if (point !== "journal:before" || broken || named(events, "attempt-succeeded").length === 0) return;
    broken = true;
    throw new Error("the disk is full");
  };
  const { root, engine } = await testEngine({ probe });
  const whole = { run: "true", resources: { cpu: 2 } };
  const run = await engine.start(planOf({ ends: { run: "true" }, runs: { run: held }, waits: whole }));
  await expect(run.rest()).rejects.toThrow("the disk is full");
  const next = await engine.start(planOf({ whole }));
  expect(await next.rest()).toBe("finished");
  await expect.poll(() => engine.activeRuns).toEqual([]);
  await go(root);
  const again = await engine.resume(run.id);
  expect(await again.rest()).toBe("finished");
  expect(again.status).toBe("succeeded");
});

test("a run that is asked for at the moment it breaks is taken up anew", async () => {
  let broken = false;
  const { engine } = await testEngine({
    probe: (point, events) => {
      if (point !== "journal:before" || broken || named(events, "attempt-succeeded").length === 0) return;
      broken = true;
      throw new Error("no disk");
    },
  });
  const run = await engine.start(planOf({ a: { run: "true" } }));
  await expect(run.rest()).rejects.toThrow("no disk");
  const again = await engine.resume(run.id);
  expect(again).not.toBe(run);
  expect(await again.rest()).toBe("finished");
  expect(statuses(again)).toEqual({ a: "succeeded" });
});

// A function step begins while its start is being stored, a command once it is stored.
test.each([
  ["function step", "journal:before", { module: "step.mjs" }],
  ["command", "journal:after", "true"],
])("an attempt of a %s does not begin after the engine was closed at %s of its start", async (_, at, run) => {
  const begun: string[] = [];
  const closed = Promise.withResolvers<void>();
  const { root, engine } = await testEngine({
    probe: (point, events) => {
      if (point !== at || named(events, "attempt-started").length === 0) return;
      engine.close().then(closed.resolve, closed.reject);
    },
    before: (runner) => ({
      ...runner,
      start: (spec, listener) => {
        begun.push(spec.task);
        return runner.start(spec, listener);
      },
    }),
  });
  await writeFile(join(root, "step.mjs"), "export default async () => ({});");
  await engine.start(planOf({ a: { run } }));
  await closed.promise;
  expect(begun).toEqual([]);
});
