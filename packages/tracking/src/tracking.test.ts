import fc from "fast-check";
import { expect, test } from "vitest";
import { type Metric, trackingMigrations } from "./index.ts";
import { deleteVersion } from "./registry/versions.ts";
import { bytesOf, openTestTracking } from "./test-tracking.support.ts";

const tables = trackingMigrations
  .flatMap(({ up }) => up.flatMap((sql) => /^CREATE TABLE (\w+)/.exec(sql)?.[1] ?? []))
  .toSorted();

const start = (runId: string, experimentId: string) => ({
  runId,
  experimentId,
  name: `name-${runId}`,
  startTime: 5,
});

test("a run started, logged to and ended twice is the same as once", async () => {
  const { tracking } = await openTestTracking();
  const experimentId = await tracking.ensureExperiment("digits", [{ key: "owner", value: "ana" }]);
  expect(await tracking.ensureExperiment("digits")).toBe(experimentId);
  for (let time = 0; time < 2; time++) {
    await tracking.startRuns([
      { ...start("parent", experimentId), tags: [{ key: "kind", value: "workflow" }] },
      { ...start("child", experimentId), parentRunId: "parent", params: [{ key: "depth", value: "3" }] },
    ]);
    const metrics = [{ key: "loss", value: 0.5, step: 1, timestampMs: 10 }];
    await tracking.logBatches([
      { runId: "child", metrics, params: [{ key: "rate", value: "0.1" }] },
      { runId: "parent", tags: [{ key: "note", value: "hello" }] },
    ]);
    await tracking.endRuns([{ runId: "child", status: "FINISHED", endTime: 20 }]);
  }
  const run = await tracking.getRun("child");
  expect(run.info).toEqual({
    runId: "child",
    experimentId,
    name: "name-child",
    userId: "",
    status: "FINISHED",
    startTime: 5,
    endTime: 20,
    artifactUri: `mlflow-artifacts:/${experimentId}/child/artifacts`,
    lifecycle: "active",
  });
  expect(run.metrics).toEqual([{ key: "loss", value: 0.5, step: 1, timestampMs: 10 }]);
  expect(run.params).toEqual([
    { key: "depth", value: "3" },
    { key: "rate", value: "0.1" },
  ]);
  expect(run.tags).toEqual([
    { key: "mlflow.parentRunId", value: "parent" },
    { key: "mlflow.runName", value: "name-child" },
  ]);
});

test("params that a run was given stand beside those that it logged, and go along to a run that takes it over", async () => {
  const { tracking } = await openTestTracking();
  const experimentId = await tracking.ensureExperiment("digits");
  await tracking.startRuns([start("made", experimentId), start("hit", experimentId)]);
  await tracking.logBatch("made", { params: [{ key: "rate", value: "1.0" }] });
  await tracking.logBatch("hit", { params: [{ key: "own", value: "x" }] });
  const given = [
    { key: "rate", value: "1" },
    { key: "own", value: "y" },
    { key: "empty", value: "" },
  ];
  for (let time = 0; time < 2; time++) {
    await tracking.keepParams({ runId: "made", params: given });
    await tracking.keepParams({ runId: "gone", params: given });
    await tracking.copyParams([
      { runId: "hit", from: "made" },
      { runId: "gone", from: "made" },
      { runId: "made", from: "gone" },
    ]);
  }
  const paramsOf = async (runId: string) =>
    Object.fromEntries((await tracking.getRun(runId)).params.map(({ key, value }) => [key, value]));
  expect(await paramsOf("made")).toEqual({ rate: "1.0", own: "y", empty: "" });
  expect(await paramsOf("hit")).toEqual({ rate: "1.0", own: "x", empty: "" });
});

test("the latest metrics are there however they came: at once, later, or after the run was started again", async () => {
  const { tracking } = await openTestTracking();
  const metrics = [{ key: "loss", value: 0.5, step: 1, timestampMs: 10 }];
  const latest = async () => Object.fromEntries(await tracking.latestMetrics(["a", "b"]));
  await tracking.startRuns([start("a", "0"), start("b", "0")]);
  expect(await latest()).toEqual({ a: {}, b: {} });
  await tracking.logBatch("a", { metrics });
  expect(await latest()).toEqual({ a: { loss: 0.5 }, b: {} });
  await tracking.startRuns([start("a", "0")]);
  expect(await latest()).toEqual({ a: { loss: 0.5 }, b: {} });
  await tracking.purgeRuns(["a"]);
  await tracking.startRuns([start("a", "0")]);
  expect(await latest()).toEqual({ a: {}, b: {} });
});

test("a param cannot change, and nothing of the batch that tried is written", async () => {
  const { tracking } = await openTestTracking();
  await tracking.startRuns([start("a", "0"), start("b", "0")]);
  await tracking.logBatch("a", { params: [{ key: "p", value: "1" }] });
  const both = tracking.logBatches([
    { runId: "b", tags: [{ key: "t", value: "x" }] },
    {
      runId: "a",
      params: [{ key: "p", value: "2" }],
      metrics: [{ key: "m", value: 1, step: 0, timestampMs: 0 }],
    },
  ]);
  await expect(both).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_INVALID",
    message: expect.stringContaining("Changing param values is not allowed"),
  });
  expect((await tracking.getRun("b")).tags).toHaveLength(1);
  expect((await tracking.getRun("a")).metrics).toEqual([]);
});

test("runs start in active experiments only, and batches go to runs that exist", async () => {
  const { tracking } = await openTestTracking();
  await expect(tracking.startRuns([start("a", "77")])).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
    message: "No Experiment with id=77 exists",
  });
  await expect(tracking.logBatch("nobody", {})).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
});

test("the latest value is the one with the largest step, time and value, in whatever order points come", async () => {
  const { tracking } = await openTestTracking();
  const point = fc.record({
    key: fc.constantFrom("a", "b/c"),
    value: fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 0)),
    step: fc.integer({ min: -3, max: 3 }),
    timestampMs: fc.nat(3),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(point, { maxLength: 8 }), { maxLength: 4 }), async (batches) => {
      const runId = `run${run++}`;
      await tracking.startRuns([start(runId, "0")]);
      for (const metrics of batches) await tracking.logBatch(runId, { metrics });
      const expected: Record<string, number> = {};
      for (const key of new Set(batches.flat().map((metric) => metric.key))) {
        expected[key] = latest(batches.flat().filter((metric) => metric.key === key));
      }
      expect((await tracking.latestMetrics([runId])).get(runId)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

/** The rule in plain words; among points equal in all three, the first one stays. */
function latest(points: readonly Metric[]): number {
  const finite = (value: number) =>
    Number.isNaN(value) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)) + 0;
  const order = (a: Metric, b: Metric) =>
    b.step - a.step || b.timestampMs - a.timestampMs || Math.sign(finite(b.value) - finite(a.value));
  const value = [...points].sort(order)[0]?.value ?? 0;
  return Number.isNaN(value) ? value : finite(value);
}

test("a version is registered once for a run and source, and numbers count up", async () => {
  const { tracking, artifacts } = await openTestTracking();
  await tracking.startRuns([start("a", "0"), start("b", "0")]);
  const { digest, size } = await artifacts.put(bytesOf("weights"));
  const register = (runId: string) =>
    tracking.registerVersion({
      name: "digits",
      runId,
      source: "model",
      digest,
      tags: [{ key: "k", value: "v" }],
    });
  for (const runId of ["a", "b"]) {
    await tracking.addArtifacts(runId, [{ path: "model", digest, size, kind: "file" }]);
  }
  expect([await register("a"), await register("a"), await register("b"), await register("a")]).toEqual(
    [1, 1, 2, 1].map((version) => ({ version })),
  );
  expect(await tracking.versionsOfRuns(["b", "none"])).toEqual([{ runId: "b", name: "digits", version: 2 }]);
  await deleteVersion(tracking.context, "digits", "2");
  expect(await tracking.versionsOfRuns(["a", "b"])).toEqual([{ runId: "a", name: "digits", version: 1 }]);
});

test("a purge leaves nothing of an experiment and touches nothing of its neighbour", async () => {
  const { tracking, artifacts, store } = await openTestTracking();
  const [own, shared] = [await artifacts.put(bytesOf("own")), await artifacts.put(bytesOf("shared"))];
  const fill = async (name: string, digests: { digest: string; size: number }[]) => {
    const experimentId = await tracking.ensureExperiment(name, [{ key: "k", value: "v" }]);
    await tracking.startRuns([{ ...start(`run-${name}`, experimentId), params: [{ key: "p", value: "1" }] }]);
    await tracking.logBatch(`run-${name}`, { metrics: [{ key: "m", value: 1, step: 0, timestampMs: 0 }] });
    const placed = digests.map((one, i) => ({ ...one, path: `f${i}`, kind: "file" as const }));
    await tracking.addArtifacts(`run-${name}`, placed);
    const digest = digests[0]?.digest ?? "";
    await tracking.registerVersion({ name: `model-${name}`, runId: `run-${name}`, source: "f0", digest });
    return experimentId;
  };
  const dump = async () => {
    return Promise.all(tables.map(async (name) => [name, await store.read(`SELECT * FROM ${name}`)]));
  };
  await fill("kept", [shared]);
  const before = await dump();
  const doomed = await fill("doomed", [own, shared]);
  const purged = await tracking.purgeExperiment(doomed);
  expect(purged).toEqual({ runIds: ["run-doomed"], unreferenced: [own.digest] });
  const without = (rows: unknown[][]) => rows.filter(([name]) => name !== "tracking_counters");
  expect(without(await dump())).toEqual(without(before));
  const live: string[] = [];
  for await (const digest of tracking.liveDigests()) live.push(digest);
  expect(live).toEqual([shared.digest]);
  expect(await tracking.purgeExperiment(doomed)).toEqual({ runIds: [], unreferenced: [] });
  expect(await tracking.ensureExperiment("doomed")).not.toBe(doomed);
});

test("a purge of everything leaves the default experiment, empty", async () => {
  const { tracking, artifacts, store } = await openTestTracking();
  const content = { ...(await artifacts.put(bytesOf("own"))), path: "model", kind: "file" as const };
  for (const experimentId of ["0", await tracking.ensureExperiment("mine", [{ key: "k", value: "v" }])]) {
    const runId = `run-${experimentId}`;
    await tracking.startRuns([{ ...start(runId, experimentId), params: [{ key: "p", value: "1" }] }]);
    await tracking.addArtifacts(runId, [content]);
    await tracking.registerVersion({ name: "digits", runId, source: "model", digest: content.digest });
  }
  await tracking.purgeEverything();
  const counted = await Promise.all(
    tables.map(async (name) => [name, (await store.read(`SELECT * FROM ${name}`)).length]),
  );
  expect(counted.filter(([, rows]) => rows !== 0)).toEqual([
    ["tracking_counters", 2],
    ["tracking_experiments", 1],
  ]);
  await expect(tracking.getRun("run-0")).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  await tracking.startRuns([start("again", "0")]);
});

test("a batch is refused when a name would not be safe", async () => {
  const { tracking } = await openTestTracking();
  await tracking.startRuns([start("a", "0")]);
  const log = (key: string) => tracking.logBatch("a", { params: [{ key, value: "" }] });
  for (const key of ["../up", "/root", "a//b", "x".repeat(251), "a?b", "", "."]) {
    await expect(log(key)).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_INVALID" });
  }
  await log("a/b c:d.é-_1");
});
