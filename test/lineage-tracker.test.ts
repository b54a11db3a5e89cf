import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";
import type { LineageDocument } from "./lineage.test.support.ts";
import { post } from "./tracking/post.test.support.ts";
import { startTrackServer } from "./tracking/track-server.test.support.ts";
import { document } from "./upkeep.test.support.ts";

const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");

/** What a plain script says to a tracker, as MLflow's client puts it. */
async function logModel(url: string): Promise<string> {
  const { experiment_id } = await post<{ experiment_id: string }>(url, "experiments/create", {
    name: "solo",
  });
  const tags = Object.entries({
    "mlflow.user": "eve",
    "mlflow.source.name": "train.py",
    "mlflow.source.git.commit": "abc123",
    "mlflow.source.git.repoURL": "https://example.org/solo.git",
  }).map(([key, value]) => ({ key, value }));
  const start = { experiment_id, run_name: "fit", start_time: 1000, tags };
  const { run } = await post<{ run: { info: { run_id: string } } }>(url, "runs/create", start);
  const { run_id } = run.info;
  await post(url, "runs/log-parameter", { run_id, key: "depth", value: "3" });
  const dataset = { name: "clicks", digest: "d1", source_type: "http", source: "https://example.org/clicks" };
  await post(url, "runs/log-inputs", { run_id, datasets: [{ dataset }] });
  const file = `${url}/api/2.0/mlflow-artifacts/artifacts/${experiment_id}/${run_id}/artifacts/model/m.bin`;
  expect((await fetch(file, { method: "PUT", body: "weights" })).status).toBe(200);
  await post(url, "registered-models/create", { name: "solo" });
  await post(url, "model-versions/create", { name: "solo", source: `runs:/${run_id}/model`, run_id });
  await post(url, "registered-models/alias", { name: "solo", alias: "champion", version: "1" });
  return run_id;
}

test("of a model in a tracker by itself its script, commit, person, params and data are told, by URL and by database", async () => {
  const folder = await folderOf({});
  const tracker = await startTrackServer({ nodeArguments: [bin], folder });
  onTestFinished(() => void tracker.signal("SIGKILL"));
  const runId = await logModel(tracker.url);
  const asked = (place: string, subject: string) =>
    document<LineageDocument>(folder, "lineage", subject, "--tracker", place);
  const script = {
    ...{ id: `runs:/${runId}`, kind: "script", name: "fit", user: "eve", started: 1000, source: "train.py" },
    ...{ commit: "abc123", repository: "https://example.org/solo.git", params: { depth: "3" } },
  };
  const told = (path: string, digest: string) => [
    { kind: "model", id: "models:/solo/1", aliases: ["champion"] },
    { kind: "artifact", path, digest },
    script,
    { kind: "dataset", name: "clicks", digest: "d1", source: "https://example.org/clicks" },
  ];
  for (const subject of ["models:/solo/1", "models:/solo@champion", "models:/solo/latest"]) {
    expect((await asked(tracker.url, subject)).nodes).toMatchObject(told("model", ""));
  }
  const logged = await asked(tracker.url, `runs:/${runId}/model/m.bin`);
  expect(logged.nodes).toMatchObject([
    { kind: "artifact", path: "model/m.bin" },
    script,
    { kind: "dataset" },
  ]);

  const store = "sqlite:///tracker/tracker.db";
  const busy = await scanflow(folder, ["lineage", "models:/solo/1", "--tracker", store]);
  expect(busy).toMatchObject({ code: 1, stderr: expect.stringContaining("SCANFLOW_STORE_IN_USE") });
  tracker.signal("SIGTERM");
  await tracker.ended;
  const away = await scanflow(folder, ["lineage", "models:/solo/1", "--tracker", tracker.url]);
  expect(away.stderr).toMatch(/^error SCANFLOW_LINEAGE_TRACKER: .*MLFLOW_TRACKING_TOKEN/);
  const digest = `sha256:${createHash("sha256").update("weights").digest("hex")}`;
  expect((await asked(store, "models:/solo/1")).nodes).toMatchObject(told("m.bin", digest));
  for (const subject of ["models:/solo/2", "models:/none@champion", "latest"]) {
    const unknown = await scanflow(folder, ["lineage", subject, "--tracker", store]);
    expect(unknown.stderr).toMatch(/^error SCANFLOW_LINEAGE_UNKNOWN/);
  }
});
