import { bytesOf } from "../test-tracking.support.ts";
import { isLocal } from "./place-of.ts";
import type { LoggedModelRecord, RunRecord, TransferSource } from "./records.ts";

/** An experiment in which one run made a model and another one read it. */
export function fullSource(): TransferSource {
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
    atOnce: 1,
    copies: isLocal,
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
