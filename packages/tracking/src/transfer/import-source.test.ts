import { expect, test } from "vitest";
import { getExperimentByName } from "../experiments/experiments.ts";
import { bytesOf, openTestTracking } from "../test-tracking.support.ts";
import { fullSource } from "./full-source.support.ts";
import { type ImportProgress, importSource } from "./import-source.ts";

const all = { experiments: 1, runs: 2, loggedModels: 1, versions: 1, files: 2, elsewhere: 0, present: 0 };
const none = { experiments: 0, runs: 0, loggedModels: 0, versions: 0, files: 0, elsewhere: 0, present: 2 };

test("what is imported keeps its ids where they are free, and is told run by run", async () => {
  const { tracking } = await openTestTracking();
  const told: ImportProgress[] = [];
  const imported = await importSource(tracking.context, fullSource(), { onRun: (one) => told.push(one) });
  expect(imported).toEqual(all);
  expect(told).toEqual([1, 2].map((done) => ({ experiment: "digits", done, of: 2 })));
  expect(await getExperimentByName(tracking.context, "digits")).toMatchObject({
    experimentId: "7",
    createdMs: 5,
    artifactLocation: "mlflow-artifacts:/7",
  });
  expect(await tracking.getRun("made")).toMatchObject({ info: { status: "FINISHED", startTime: 5 } });
  expect(await tracking.ensureExperiment("next")).toBe("8");
  expect(await tracking.modelOrigin("digits", "@champion")).toMatchObject({
    version: { stage: "Staging", storageLocation: "mlflow-artifacts:/7/models/m-1/artifacts" },
  });
});

test("a second import adds nothing, even to an experiment that was renamed since", async () => {
  const { tracking, store } = await openTestTracking();
  await importSource(tracking.context, fullSource());
  expect(await importSource(tracking.context, fullSource())).toEqual(none);
  await store.write([{ sql: "UPDATE tracking_experiments SET name = 'numbers' WHERE name = 'digits'" }]);
  expect(await importSource(tracking.context, fullSource())).toEqual(none);
});

test("an experiment whose number is taken gets another one, with its files below it", async () => {
  const { tracking } = await openTestTracking();
  for (const name of ["1", "2", "3", "4", "5", "6", "7"]) await tracking.ensureExperiment(name);
  await importSource(tracking.context, fullSource());
  const { info } = await tracking.getRun("made");
  expect(info).toMatchObject({ experimentId: "8", artifactUri: "mlflow-artifacts:/8/made/artifacts" });
  expect(await tracking.filesOfRun("made", "")).toMatchObject([{ path: "a/b.txt" }]);
});

test("a name that is taken stops the import before anything is written; a prefix or another place helps", async () => {
  const { tracking } = await openTestTracking();
  await tracking.ensureExperiment("digits");
  const refused = importSource(tracking.context, fullSource());
  await expect(refused).rejects.toMatchObject({ code: "SCANFLOW_TRANSFER_NAME_TAKEN" });
  await expect(tracking.getRun("made")).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  expect(await importSource(tracking.context, fullSource(), { into: "digits" })).toMatchObject({ runs: 2 });
  const prefixed = await importSource(tracking.context, fullSource(), { prefix: "old-" });
  expect(prefixed).toMatchObject({ experiments: 1, present: 2, versions: 1 });
});

test("a run whose files cannot be read is not there at all, and comes with the next import", async () => {
  const { tracking } = await openTestTracking();
  const source = fullSource();
  const broken = {
    ...source,
    files: async function* () {
      yield { path: "a.txt", open: () => bytesOf("whole") };
      throw new Error("the disk is gone");
    },
  };
  await expect(importSource(tracking.context, broken)).rejects.toThrow("the disk is gone");
  await expect(tracking.getRun("made")).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  expect(await importSource(tracking.context, source)).toEqual({ ...all, experiments: 0 });
});
