import { expect, test } from "vitest";
import { openTestServer } from "../test-server.support.ts";
import { purgeByName } from "./purge-by-name.ts";

async function openPlaces() {
  const { app, tracking } = await openTestServer();
  const ask = async (path: string, payload: object) => {
    const answer = await app.inject({ method: "POST", url: `/api/2.0/mlflow/${path}`, payload });
    expect([path, answer.statusCode, answer.json().message]).toEqual([path, 200, undefined]);
    return answer.json();
  };
  const url = (path: string) => `/api/2.0/mlflow-artifacts/artifacts/${path}`;
  const put = async (path: string) => {
    const headers = { "content-type": "application/octet-stream" };
    const { statusCode } = await app.inject({ method: "PUT", url: url(path), payload: path, headers });
    expect(statusCode).toBe(200);
  };
  const get = async (path: string) => (await app.inject({ method: "GET", url: url(path) })).body;
  const { experiment_id } = await ask("experiments/create", { name: "outer" });
  return { tracking, ask, put, get, outer: String(experiment_id) };
}

test("an experiment whose place lies in that of another one keeps its files when that goes", async () => {
  const { tracking, ask, put, get, outer } = await openPlaces();
  const artifact_location = `mlflow-artifacts:/${outer}/inner`;
  const { experiment_id } = await ask("experiments/create", { name: "inner", artifact_location });
  const { run } = await ask("runs/create", { experiment_id, start_time: 1 });
  const path = `${run.info.artifact_uri.replace("mlflow-artifacts:/", "")}/f.txt`;
  await put(path);
  await put(`${outer}/own.txt`);
  await purgeByName(tracking, { kind: "experiment", name: "outer" });
  expect(await get(path)).toBe(path);
  expect(await get(`${outer}/own.txt`)).toContain("RESOURCE_DOES_NOT_EXIST");
});

test("a version made of what lies beside the runs keeps it when the experiment goes", async () => {
  const { tracking, ask, put, get, outer } = await openPlaces();
  await ask("registered-models/create", { name: "m" });
  await ask("model-versions/create", { name: "m", source: "s3://bucket/m" });
  // As imports of versions may leave it.
  const place = `mlflow-artifacts:/${outer}/beside`;
  await tracking.context.store.write([
    { sql: "UPDATE tracking_versions SET source = ?, storage_location = ?", params: [place, place] },
  ]);
  await put(`${outer}/beside/MLmodel`);
  await put(`${outer}/own.txt`);
  const report = await purgeByName(tracking, { kind: "experiment", name: "outer" });
  expect(report).toMatchObject({ experiments: ["outer"], versions: [] });
  expect(await get(`${outer}/beside/MLmodel`)).toBe(`${outer}/beside/MLmodel`);
  expect(await get(`${outer}/own.txt`)).toContain("RESOURCE_DOES_NOT_EXIST");
});
