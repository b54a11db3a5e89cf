import { openTrackingServer } from "@scanflow/tracking/server";
import { expect, onTestFinished, test } from "vitest";
import { folderOf } from "./cli.test.support.ts";
import { fuzz } from "./tracking/differential/fuzz.ts";
import { isKnown, withoutDifference } from "./tracking/differential/known.ts";
import { Pair } from "./tracking/differential/pair.ts";
import { askOfLoggedModels, askOfRegistry } from "./tracking/differential/registry-requests.ts";
import { askForRuns } from "./tracking/differential/search-requests.ts";
import { askOfExperiments, askOfRuns } from "./tracking/differential/tracking-requests.ts";
import { mlflowWithServer, startMlflowServer } from "./tracking/mlflow-server.test.support.ts";
import { pythonWith } from "./tracking/python.test.support.ts";

/** Another seed asks other things: SCANFLOW_FUZZ_SEED=7 SCANFLOW_FUZZ_STEPS=2000. */
const seed = Number(process.env.SCANFLOW_FUZZ_SEED ?? 1);
const steps = Number(process.env.SCANFLOW_FUZZ_STEPS ?? 200);
/** The version that docs/reference/mlflow-differences.md speaks of; the words of another may differ. */
const compared = "3.17.";

test("the tracker answers as MLflow's own server, but where the reference says otherwise", async () => {
  const python = await pythonWith("3.x-sqlite", mlflowWithServer);
  if (!python) return;
  const folder = await folderOf({});
  const ours = await openTrackingServer({ store: "sqlite:///t.db", artifacts: "files", folder, port: 0 });
  onTestFinished(() => ours.close());
  const { url: theirs } = await startMlflowServer(python, folder);
  const pair = new Pair(ours.url, theirs);
  await askOfExperiments(pair);
  await askOfRuns(pair);
  await askOfRegistry(pair);
  await askOfLoggedModels(pair);
  await askForRuns(pair);
  await fuzz(pair, { seed, steps });
  const isCompared = (await (await fetch(`${theirs}/version`)).text()).startsWith(compared);
  const unknown = pair.differences.filter(
    (one) => !isKnown(one) && (isCompared || one.ours.status !== one.theirs.status),
  );
  expect(unknown.slice(0, 20)).toEqual([]);
  if (isCompared) expect(withoutDifference(pair.differences)).toEqual([]);
  expect(pair.asked).toBeGreaterThan(400);
}, 600_000);
