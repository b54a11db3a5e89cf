import { expect, test } from "vitest";
import { trackingMigrations } from "../schema/tracking-tables.ts";
import { openTestTracking, type TestTracking } from "../test-tracking.support.ts";
import { fullSource } from "../transfer/full-source.support.ts";
import { importSource } from "../transfer/import-source.ts";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";
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
  expect(report.runIds).toEqual(["made", "reads"]);
  expect(report.files + report.young).toBe(2);
  await collectTrackerGarbage(given.tracking, { graceMs: 0, force: true });
  expect(await rowsOf(given)).toEqual(before);
  expect(await filesOf(given)).toBe(0);
});

test("a purge of runs takes what others note of their models along, and nothing else", async () => {
  const given = await openTestTracking();
  await importSource(given.tracking.context, fullSource());
  const report = await purgeByName(given.tracking, { kind: "runs", runIds: ["made"] });
  expect(report.runIds).toEqual(["made"]);
  expect(report.files + report.young).toBe(2);
  await collectTrackerGarbage(given.tracking, { graceMs: 0, force: true });
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
