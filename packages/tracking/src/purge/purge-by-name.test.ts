import { expect, test } from "vitest";
import { trackingMigrations } from "../schema/tracking-tables.ts";
import { bytesOf, openTestTracking, type TestTracking } from "../test-tracking.support.ts";
import { importSource } from "../transfer/import-source.ts";
import type { LoggedModelRecord, RunRecord, TransferSource } from "../transfer/records.ts";
import { purgeByName } from "./purge-by-name.ts";

const tables = trackingMigrations
  .flatMap(({ up }) => up)
  .flatMap((sql) => /CREATE TABLE (\w+)/.exec(sql)?.[1] ?? [])
  // It holds the next numbers, which are not given twice.
  .filter((table) => table !== "tracking_counters");

test("a purge of an experiment leaves no row in any table and no file", async () => {
  const given = await openTestTracking();
  const before = await rowsOf(given);
  await importSource(given.tracking.context, fullSource());
  const between = await rowsOf(given);
  for (const table of ["tracking_tags", "tracking_inputs", "tracking_versions", "tracking_run_models"]) {
    expect(between[table]?.length).toBeGreaterThan(0);
  }
  const report = await purgeByName(given.tracking, { kind: "experiment", name: "digits" });
  expect(report).toMatchObject({ runIds: ["made", "reads"], files: 2 });
  expect(await rowsOf(given)).toEqual(before);
  expect(await filesOf(given)).toBe(0);
});

test("a purge of runs takes what others note of their models along, and nothing else", async () => {
  const given = await openTestTracking();
  await importSource(given.tracking.context, fullSource());
  const report = await purgeByName(given.tracking, { kind: "runs", runIds: ["made"] });
  expect(report).toMatchObject({ runIds: ["made"], files: 2 });
  const rows = await rowsOf(given);
  expect(rows.tracking_runs).toMatchObject([{ run_id: "reads" }]);
  expect(rows.tracking_tags).toMatchObject([{ key: "note", value: "reads" }]);
  for (const table of ["tracking_run_models", "tracking_logged_models", "tracking_logged_model_metrics"]) {
    expect(rows[table]).toEqual([]);
  }
  expect(await filesOf(given)).toBe(0);
});

test("nothing is removed when one of the runs is unknown, nor in a dry run", async () => {
  const given = await openTestTracking();
  await importSource(given.tracking.context, fullSource());
  const before = await rowsOf(given);
  const runIds = ["made", "unknown"];
  await expect(purgeByName(given.tracking, { kind: "runs", runIds })).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
  });
  const report = await purgeByName(given.tracking, { kind: "experiment", name: "digits" }, { dryRun: true });
  expect(report.runIds).toEqual(["made", "reads"]);
  expect(await rowsOf(given)).toEqual(before);
  expect(await filesOf(given)).toBe(2);
});

async function rowsOf({ store }: TestTracking) {
  const rows = await store.snapshot(tables.map((table) => ({ sql: `SELECT * FROM ${table}` })));
  return Object.fromEntries(tables.map((table, i) => [table, rows[i]]));
}

async function filesOf({ artifacts }: TestTracking): Promise<number> {
  const { removed } = await artifacts.sweep({
    live: [],
    graceMs: 0,
    now: Number.MAX_SAFE_INTEGER,
    dryRun: true,
  });
  return removed;
}

/** An experiment in which one run made a model and another one read it. */
function fullSource(): TransferSource {
  const experiment = {
    experimentId: "7",
    name: "digits",
    artifactLocation: "mlruns/7",
    updatedMs: 6,
    createdMs: 5,
  };
  const pair = [{ key: "note", value: "reads" }];
  const point = { key: "loss", value: 0.5, timestampMs: 7, step: 0 };
  const run = (runId: string): RunRecord => ({
    ...{ runId, name: runId, userId: "", status: "FINISHED", startMs: 5, endMs: 6, lifecycle: "active" },
    ...{ deletedMs: null, artifactUri: `mlruns/7/${runId}/artifacts`, params: pair, tags: pair },
    ...{ metrics: [point], latest: [point] },
    datasets: [
      {
        name: "raw",
        digest: "4b",
        sourceType: "local",
        source: "{}",
        schema: "{}",
        profile: "{}",
        tags: pair,
      },
    ],
    models: [{ modelId: "m-1", role: runId === "made" ? "output" : "input", step: 0 }],
  });
  const model: LoggedModelRecord = {
    ...{
      modelId: "m-1",
      name: "softmax",
      modelType: null,
      sourceRunId: "made",
      status: 2,
      statusMessage: null,
    },
    ...{ artifactUri: "mlruns/7/models/m-1/artifacts", lifecycle: "active", createdMs: 5, updatedMs: 5 },
    ...{ params: pair, tags: pair },
    metrics: ["made", "reads"].map((runId) => ({
      ...{ ...point, modelId: "m-1", runId, datasetName: undefined, datasetDigest: undefined },
    })),
  };
  const version = {
    ...{ version: 1, description: "one", userId: null, source: "models:/m-1", runId: "made", runLink: null },
    ...{
      storageLocation: "mlruns/7/models/m-1/artifacts",
      status: "READY",
      statusMessage: null,
      stage: "Staging",
    },
    ...{ createdMs: 5, updatedMs: 5, tags: pair, aliases: ["champion"] },
  };
  return {
    experiments: async () => [{ ...experiment, lifecycle: "active", tags: pair }],
    runs: async () => ["made", "reads"].map((id) => ({ id, artifactUri: run(id).artifactUri })),
    run: async (runId) => run(runId),
    loggedModels: async () => [model],
    models: async () => [
      { name: "digits", description: "reads", createdMs: 5, updatedMs: 5, tags: pair, versions: [version] },
    ],
    files: async function* ({ id }) {
      if (id !== "reads") yield { path: "a/b.txt", open: () => bytesOf(id) };
    },
    close: () => {},
  };
}
