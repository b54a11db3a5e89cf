import { expect, test } from "vitest";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";
import { type Contents, FullTracker, tablesOf } from "./full-tracker.support.ts";
import { purgeByName } from "./purge-by-name.ts";
import type { PurgeTarget } from "./purge-target.ts";

/** What outlives a purge by design: numbers that are not given twice, and who did what. */
const outliving = ["tracking_counters", "access_audit"];

/** Purges, and takes what a tracker that others share leaves for later. */
async function purged(tracker: FullTracker, target: PurgeTarget) {
  const { tracking } = tracker.server;
  const foreseen = await purgeByName(tracking, target, { dryRun: true });
  const before = await tracker.contents();
  expect(await purgeByName(tracking, target, { dryRun: true })).toEqual(foreseen);
  expect(await tracker.contents()).toEqual(before);
  const report = await purgeByName(tracking, target);
  expect(report).toEqual(foreseen);
  const { files } = await collectTrackerGarbage(tracking, { graceMs: 0 });
  expect(files).toBe(report.young);
  return report;
}

function without({ tables, files }: Contents, names: readonly string[]): Contents {
  return {
    files,
    tables: Object.fromEntries(Object.entries(tables).filter(([name]) => !names.includes(name))),
  };
}

test("the routes fill every table that the database has", async () => {
  const tracker = await FullTracker.open();
  await tracker.fillExperiment("kept");
  const { tables } = await tracker.contents();
  expect(await tablesOf(tracker.server.store)).toEqual(Object.keys(tables));
  expect(Object.keys(tables).length).toBeGreaterThan(25);
  expect(Object.entries(tables).filter(([, rows]) => rows.length === 0)).toEqual([]);
});

test("a purged experiment leaves no row and no file, and its neighbour byte for byte", async () => {
  const tracker = await FullTracker.open();
  await tracker.fillExperiment("kept");
  const before = await tracker.contents();
  const { runIds } = await tracker.fillExperiment("doomed");
  const report = await purged(tracker, { kind: "experiment", name: "doomed" });
  expect(report).toMatchObject({
    experiments: ["doomed"],
    runIds: [...runIds].sort(),
    models: ["doomed-model"],
    versions: ["doomed-model/1"],
    kept: [],
  });
  expect(report.loggedModels).toHaveLength(1);
  // Two own files, their two parts, two files and a part of the model, and what lay beside.
  expect(report.files + report.young).toBe(8);
  expect(without(await tracker.contents(), outliving)).toEqual(without(before, outliving));
});

test("purged runs leave what their experiment was before them", async () => {
  const tracker = await FullTracker.open();
  const { experimentId } = await tracker.fillExperiment("kept");
  const before = await tracker.contents();
  const started = await tracker.post("runs/create", { experiment_id: experimentId, start_time: 1 });
  const { run_id } = (started.run as { info: { run_id: string } }).info;
  const modelId = await tracker.logModel("doomed", { experiment_id: experimentId, source_run_id: run_id });
  // Of another run by its name, yet its files lie in the run that goes.
  await tracker.fillModel("doomed", { source: `models:/${modelId}`, model_id: modelId });
  await purged(tracker, { kind: "runs", runIds: [run_id] });
  expect(without(await tracker.contents(), outliving)).toEqual(without(before, outliving));
});

test("a purged model leaves no row and no file but those of runs that stay, which are told", async () => {
  const tracker = await FullTracker.open();
  const { runIds } = await tracker.fillExperiment("kept");
  const held = { source: `runs:/${runIds[0]}/deep`, run_id: runIds[0] };
  const before = await tracker.contents();
  const modelId = await tracker.logModel("doomed", { experiment_id: "0" });
  await tracker.fillModel("doomed", { source: `models:/${modelId}`, model_id: modelId });
  await tracker.addVersion("doomed", held, "other");
  await tracker.post("registered-models/create", { name: "gone" });
  await tracker.addVersion("gone", held, "champion");
  await tracker.ask("DELETE", "registered-models/delete", { name: "gone" });
  expect(await purged(tracker, { kind: "model", name: "doomed" })).toMatchObject({
    runIds: [],
    models: ["doomed"],
    versions: ["doomed/1", "doomed/2"],
    loggedModels: [modelId],
    holders: [runIds[0]],
  });
  expect(await purged(tracker, { kind: "model", name: "gone" })).toMatchObject({
    models: ["gone"],
    files: 0,
    young: 0,
  });
  expect(without(await tracker.contents(), outliving)).toEqual(without(before, outliving));
  const unknown = purgeByName(tracker.server.tracking, { kind: "model", name: "gone" });
  await expect(unknown).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
});

test("a purged version leaves that it was there and who took it away, and its number is not given again", async () => {
  const tracker = await FullTracker.open();
  await tracker.fillExperiment("kept");
  const before = await tracker.contents();
  const modelId = await tracker.logModel("doomed", { experiment_id: "0" });
  const fields = { source: `models:/${modelId}`, model_id: modelId };
  const version = await tracker.addVersion("kept-model", fields, "latest-but-one");
  const purge = await purged(tracker, { kind: "versions", name: "kept-model", versions: [version] });
  expect(purge).toMatchObject({ models: [], versions: ["kept-model/2"], loggedModels: [modelId] });
  const after = await tracker.contents();
  const aside = [...outliving, "registry_history"];
  expect(without(after, aside)).toEqual(without(before, aside));
  const known = new Set(before.tables.registry_history);
  const added = after.tables.registry_history?.filter((row) => !known.has(row)).map((row) => JSON.parse(row));
  expect(added?.map(({ field, version: of, user_name }) => [field, of, user_name])).toEqual(
    expect.arrayContaining([["purged", 2, expect.any(String)]]),
  );
  expect(new Set(added?.map(({ field }) => field))).toEqual(new Set(["alias", "purged"]));
  expect(before.tables.registry_history?.every((row) => after.tables.registry_history?.includes(row))).toBe(
    true,
  );
  expect(await tracker.addVersion("kept-model", { source: "s3://b/k" }, "next")).toBe("3");
});

test("a logged model that another version or a run refers to stays with its files", async () => {
  const tracker = await FullTracker.open();
  const { runIds } = await tracker.fillExperiment("kept");
  const modelId = await tracker.logModel("both", { experiment_id: "0" });
  const fields = { source: `models:/${modelId}`, model_id: modelId };
  await tracker.fillModel("one", fields);
  await tracker.fillModel("two", fields);
  expect(await purged(tracker, { kind: "model", name: "one" })).toMatchObject({ loggedModels: [], files: 0 });
  await tracker.post("runs/log-inputs", { run_id: runIds[1], models: [{ model_id: modelId }] });
  const second = await purged(tracker, { kind: "model", name: "two" });
  expect(second).toMatchObject({ loggedModels: [], holders: [runIds[1]], files: 0, young: 0 });
});

test("what was deleted long enough ago goes, except what models that stay were registered from", async () => {
  const tracker = await FullTracker.open();
  const { passMs, tracking } = tracker.server;
  await tracker.fillExperiment("kept");
  const before = await tracker.contents();
  const doomed = await tracker.fillExperiment("doomed");
  const registered = await tracker.fillExperiment("registered");
  const young = await tracker.fillExperiment("young");
  await tracker.ask("DELETE", "registered-models/delete", { name: "doomed-model" });
  await tracker.ask("DELETE", "registered-models/delete", { name: "young-model" });
  for (const { experimentId } of [doomed, registered])
    await tracker.post("experiments/delete", { experiment_id: experimentId });
  passMs(1000);
  await tracker.post("experiments/delete", { experiment_id: young.experimentId });
  const kept = (reason: string) => expect.stringContaining(reason);
  const maker = { kind: "run", name: registered.runIds[0], why: kept("version 1 of model registered-model") };
  expect(await purged(tracker, { kind: "deleted", olderThanMs: 1000 })).toMatchObject({
    experiments: ["doomed"],
    runIds: expect.arrayContaining([...doomed.runIds, registered.runIds[1]]),
    models: ["doomed-model", "young-model"],
    kept: expect.arrayContaining([
      maker,
      { kind: "experiment", name: "registered", why: kept("something in it stays") },
    ]),
  });
  expect(await tracking.getRun(young.runIds[0] ?? "")).toMatchObject({ info: { lifecycle: "deleted" } });
  await purged(tracker, { kind: "experiment", name: "registered" });
  expect(await purged(tracker, { kind: "deleted", olderThanMs: 0 })).toMatchObject({
    experiments: ["young"],
  });
  expect(without(await tracker.contents(), outliving)).toEqual(without(before, outliving));
});
