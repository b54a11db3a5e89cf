import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Plan } from "@scanflow/core";
import type { Tracking } from "@scanflow/tracking";
import { expect, test } from "vitest";
import { collectGarbage } from "./collect-garbage.ts";
import { purgeTracker } from "./purge-tracker.ts";
import { reproduceRun } from "./reproduce/reproduce-run.ts";
import { openTestRooms, plansOf, type TestRooms, temporaryFolder } from "./upkeep.test.support.ts";

const now = () => Date.now() + 1000;

/** A task that registers a model, and one that reads it; `own`: the workflow has a tracker of its own. */
function trained(own = false): Plan {
  const train = { run: "echo weights > {{outputs.model}}", outputs: { model: { register: "digits" } } };
  const twice = {
    run: "cat {{inputs.model}} > {{outputs.y}}",
    inputs: { model: "train.model" },
    outputs: ["y"],
  };
  const nodes = { train, twice, ...(own ? { local: { kind: "tracker" } } : {}) };
  const { w } = plansOf({ w: { nodes } });
  if (!w) throw new Error("no plan");
  return w;
}

async function attempts(rooms: TestRooms, run: string): Promise<string[]> {
  const events = await rooms.events(run);
  return events.flatMap((event) => (event.event === "attempt-started" ? [event.task] : []));
}

function embedded<T>(rooms: TestRooms, work: (tracking: Tracking) => Promise<T>): Promise<T> {
  return rooms.trackers.borrow("", work);
}

/** A run that a script opened, with a file; below another one, if it is said. */
async function scriptRun(rooms: TestRooms, runId: string, parentRunId?: string): Promise<string> {
  return embedded(rooms, async (tracking) => {
    const experimentId = await tracking.ensureExperiment("by-hand");
    const parent = parentRunId === undefined ? {} : { parentRunId };
    await tracking.startRuns([{ runId, experimentId, name: runId, startTime: 1, ...parent }]);
    const stored = await rooms.artifacts.put(Readable.from([Buffer.from(`of ${runId}`)]));
    await tracking.addArtifacts(runId, [{ ...stored, path: "f.txt" }]);
    return stored.digest;
  });
}

function trackerRuns(rooms: TestRooms): Promise<{ run_id: string; name: string }[]> {
  return rooms.store.read("SELECT run_id, name FROM tracking_runs ORDER BY name");
}

test.each([
  ["the application's tracker", false],
  ["a workflow's own tracker", true],
])("a model purged from %s is made again by the next run, under the next number", async (_, own) => {
  const rooms = await openTestRooms(await temporaryFolder());
  const plan = trained(own);
  const first = await rooms.run(plan);
  expect(await attempts(rooms, await rooms.run(plan))).toEqual([]);
  const target = { kind: "versions", name: "digits", versions: ["1"] } as const;
  const foreseen = await purgeTracker(rooms, { target, dryRun: true, now: now() });
  expect(foreseen).toMatchObject({
    versions: ["digits/1"],
    runIds: [],
    files: 0,
    holders: [expect.anything()],
  });
  expect(await attempts(rooms, await rooms.run(plan))).toEqual([]);
  expect(await purgeTracker(rooms, { target, now: now() })).toEqual(foreseen);
  const again = await rooms.run(plan);
  // What follows reads the same content, so it is taken from the cache.
  expect(await attempts(rooms, again)).toEqual(["train"]);
  const tracker = plan.trackers.find(({ id }) => id !== "")?.id ?? "";
  const versions = await rooms.trackers.borrow(tracker, async ({ modelOrigin }) =>
    Promise.all(["1", "2"].map(async (version) => (await modelOrigin("digits", version))?.version.version)),
  );
  expect(versions).toEqual([undefined, 2]);
  // The run that made the purged version is there, can be reproduced, and dropped.
  const { run } = await reproduceRun(rooms, first);
  await run.rest();
  expect(run.status).toBe("succeeded");
  expect(await collectGarbage(rooms, { runs: [first], graceMs: 0, now: now() })).toMatchObject({
    runs: [first],
  });
  expect(await attempts(rooms, await rooms.run(plan))).toEqual([]);
});

test("runs that the application made are refused by name and kept with a reason; those of scripts go", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const run = await rooms.run(trained());
  const attempt = (await trackerRuns(rooms)).find(({ name }) => name === "train")?.run_id ?? "";
  const digests = [await scriptRun(rooms, "alone"), await scriptRun(rooms, "nested", attempt)];
  const owned = { code: "SCANFLOW_PURGE_OWNED", message: expect.stringContaining(`gc --run ${run}`) };
  const before = await trackerRuns(rooms);
  for (const target of [
    { kind: "runs", runIds: ["alone", attempt] },
    { kind: "experiment", name: "app/w" },
  ] as const) {
    await expect(purgeTracker(rooms, { target, now: now() })).rejects.toMatchObject(owned);
  }
  expect(await trackerRuns(rooms)).toEqual(before);
  await rooms.store.write([{ sql: "UPDATE tracking_runs SET lifecycle = 'deleted', deleted_ms = 1" }]);
  const target = { kind: "deleted", olderThanMs: 0 } as const;
  const report = await purgeTracker(rooms, { target, now: now() });
  expect(report).toMatchObject({ runIds: ["alone", "nested"], files: 2 });
  expect(report.kept.map(({ kind, why }) => [kind, why.includes(run)])).toEqual(
    report.kept.map(() => ["run", true]),
  );
  expect(report.kept.length).toBe(3);
  for (const digest of digests) expect(await rooms.artifacts.has(digest)).toBe(false);
  expect((await trackerRuns(rooms)).map(({ name }) => name)).toEqual(["train", "twice", run].sort());
  await embedded(rooms, ({ context }) => expect(context.index.find("alone")).resolves.toBe(undefined));
  await expect(
    purgeTracker(rooms, { target: { kind: "runs", runIds: ["alone"] }, now: now() }),
  ).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
});

test("content that the application's own records refer to stays when a script's run with it goes", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const plan = trained();
  const run = await rooms.run(plan);
  const events = await rooms.events(run);
  const made = events.find((event) => event.event === "attempt-succeeded" && event.task === "train");
  const digest = made && "outputs" in made ? (made.outputs.model ?? "") : "";
  await scriptRun(rooms, "script");
  await embedded(rooms, (tracking) =>
    tracking.addArtifacts("script", [{ path: "same.txt", digest, size: 8, kind: "file" }]),
  );
  const target = { kind: "experiment", name: "by-hand" } as const;
  expect(await purgeTracker(rooms, { target, now: now() })).toMatchObject({
    experiments: ["by-hand"],
    files: 1,
  });
  expect(await rooms.artifacts.has(digest)).toBe(true);
  expect(await attempts(rooms, await rooms.run(plan))).toEqual([]);
});

test("what a run that goes on made is refused until it has ended", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const train = { run: "echo weights > {{outputs.model}}", outputs: { model: { register: "digits" } } };
  const ask = { kind: "approval", message: "?", after: ["train"] };
  const { w } = plansOf({ w: { nodes: { train, ask } } });
  if (!w) throw new Error("no plan");
  const run = await rooms.engine.start(w);
  await run.rest();
  const target = { kind: "model", name: "digits" } as const;
  await expect(purgeTracker(rooms, { target, now: now() })).rejects.toMatchObject({
    code: "SCANFLOW_RUN_ACTIVE",
    message: expect.stringContaining(run.id),
  });
  run.send({ kind: "decide", task: "ask", approved: true, by: "ada", comment: "" });
  await run.rest();
  expect(await purgeTracker(rooms, { target, now: now() })).toMatchObject({ models: ["digits"] });
});

test("a process that ends after the rows are gone leaves the records right and only what a collection takes", async () => {
  const root = await temporaryFolder();
  const rooms = await openTestRooms(root);
  await rooms.run(trained());
  await rooms.close();
  const script = join(import.meta.dirname, "purge-and-die.test.support.ts");
  const child = spawn(process.execPath, ["--conditions=source", script, root, "digits"], {
    stdio: "inherit",
  });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  const later = await openTestRooms(root);
  expect(await later.store.read("SELECT * FROM tracking_models")).toEqual([]);
  await collectGarbage(later, { graceMs: 0, now: now() });
  expect(await attempts(later, await later.run(trained()))).toEqual(["train"]);
  expect(await later.store.read("SELECT version FROM tracking_versions")).toEqual([{ version: 1 }]);
});
