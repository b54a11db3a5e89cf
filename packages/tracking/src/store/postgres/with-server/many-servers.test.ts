import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openArtifactStore } from "../../../artifacts/index.ts";
import { openTracking, type Tracking, trackingMigrations } from "../../../index.ts";
import { createModel } from "../../../registry/models.ts";
import { createVersion } from "../../../registry/versions.ts";
import { openStore } from "../../index.ts";
import { testLocation } from "../../test-location.support.ts";

/** Trackers that share a database, as servers beside each other do; all are started at once. */
async function openTrackers(count: number, location: string): Promise<Tracking[]> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-servers-"));
  const opened = Array.from({ length: count }, async () => {
    const store = await openStore({ location, migrations: trackingMigrations });
    onTestFinished(() => store.close());
    const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
    return openTracking({ store, artifacts });
  });
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return Promise.all(opened);
}

const twenty = Array.from({ length: 20 }, (_, i) => i);

test("servers that start at once on an empty database bring its tables forward once", async () => {
  const location = await testLocation();
  const [first] = await openTrackers(4, location);
  const rows = await first?.context.store.read("SELECT id FROM migrations");
  expect(rows?.length).toBe(trackingMigrations.length);
});

test("experiments, model names and version numbers are given once, whichever server is asked", async () => {
  const trackers = await openTrackers(3, await testLocation());
  const [first] = trackers;
  const each = <T>(work: (tracking: Tracking, i: number) => Promise<T>) =>
    Promise.all(trackers.flatMap((tracking) => twenty.map((i) => work(tracking, i))));

  const ids = await each((tracking, i) => tracking.ensureExperiment(`experiment ${i % 5}`));
  expect(new Set(ids).size).toBe(5);

  const models = await Promise.allSettled(
    trackers.map(({ context }) => createModel(context, { name: "digits", tags: [] })),
  );
  expect(models.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected", "rejected"]);
  for (const model of models) {
    if (model.status === "rejected") expect(model.reason).toMatchObject({ code: "SCANFLOW_TRACKING_EXISTS" });
  }

  const start = { name: "digits", source: "s3://b/k", storageLocation: "s3://b/k", tags: [] };
  const versions = await each(({ context }) => createVersion(context, start));
  expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
  expect(first).toBeDefined();
});

test("what one server started, another logs to and deletes, and the first one sees it", async () => {
  const [one, other] = await openTrackers(2, await testLocation());
  const start = { runId: "run", experimentId: "0", name: "n", startTime: 1 };
  await one?.startRuns([start]);
  await other?.logBatch("run", { metrics: [{ key: "m", value: 0.5, step: 0, timestampMs: 0 }] });
  expect((await one?.latestMetrics(["run"]))?.get("run")).toEqual({ m: 0.5 });
  await other?.purgeRuns(["run"]);
  await expect(one?.logBatch("run", {})).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  await other?.startRuns([start]);
  await one?.logBatch("run", { metrics: [{ key: "m", value: 1, step: 0, timestampMs: 0 }] });
  expect((await other?.latestMetrics(["run"]))?.get("run")).toEqual({ m: 1 });
});

test("a write that another one keeps waiting too long is refused as busy, and done when asked again", async () => {
  const location = await testLocation();
  const migrations = [{ room: "test", id: "001", up: ["CREATE TABLE rows (n BIGINT PRIMARY KEY)"] }];
  const store = await openStore({ location, migrations, busyTimeoutMs: 50 });
  onTestFinished(() => store.close());
  const holder = new Client(location);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("BEGIN; LOCK TABLE rows IN ACCESS EXCLUSIVE MODE");
  const write = () => store.write([{ sql: "INSERT INTO rows (n) VALUES (?)", params: [1] }]);
  await expect(write()).rejects.toMatchObject({ code: "SCANFLOW_STORE_BUSY" });
  await holder.query("COMMIT");
  expect(await write()).toEqual([{ changes: 1, rows: [] }]);
});
