import { expect, test } from "vitest";
import { openTestServer, type TestServer } from "../test-server.support.ts";

/**
 * Requests as the R package of MLflow (mlflow/R/mlflow/R/tracking-rest.R and tracking-runs.R) makes them: every value
 * is a text that `as.character` wrote, so large round numbers are in powers of ten; what is empty is left out; a run
 * goes by both of its names.
 */
function asR({ app }: TestServer) {
  const headers = {
    accept: "application/json, text/xml, application/xml, */*",
    "content-type": "application/json",
    "user-agent": "mlflow-r-client/3.6.0",
  };
  const ask = async (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, rest: object) => {
    const response = await app.inject({ method, url: `/api/2.0/mlflow/${path}`, headers, ...rest });
    expect([path, response.statusCode, response.body]).toEqual([path, 200, expect.any(String)]);
    return response.json();
  };
  return {
    get: (path: string, query: Record<string, string>) => ask("GET", path, { query }),
    post: (path: string, data: object) => ask("POST", path, { payload: JSON.stringify(data) }),
    patch: (path: string, data: object) => ask("PATCH", path, { payload: JSON.stringify(data) }),
    remove: (path: string, data: object) => ask("DELETE", path, { payload: JSON.stringify(data) }),
  };
}

test("a run is logged, read and ended as R does", async () => {
  const { get, post } = asR(await openTestServer());
  const { experiment_id } = await post("experiments/create", { name: "iris" });
  expect((await get("experiments/get", { experiment_id })).experiment.name).toBe("iris");
  const { run } = await post("runs/create", {
    experiment_id,
    user_id: "unknown",
    start_time: "1700000000123",
    tags: [{ key: "mlflow.source.name", value: "train.R" }],
  });
  const run_id = run.info.run_uuid;
  const both = { run_uuid: run_id, run_id };
  const points = [
    { value: "0.333333333333333", timestamp: "1700000000456", step: "0" },
    { value: "1e-04", timestamp: "1.7e+12", step: "1e+05" },
    { value: "NaN", timestamp: "1700000000458", step: "2" },
    { value: "-Infinity", timestamp: "1700000000459", step: "3" },
  ];
  for (const point of points) await post("runs/log-metric", { ...both, key: "loss", ...point });
  await post("runs/log-parameter", { ...both, key: "alpha", value: "0.5" });
  await post("runs/set-tag", { ...both, key: "mlflow.note", value: "TRUE" });
  await post("runs/log-batch", {
    run_id,
    metrics: [
      { key: "a", value: "1", step: "1", timestamp: "1.7e+12" },
      { key: "b", value: "Infinity", step: "0", timestamp: "1700000000001" },
    ],
    params: [{ key: "p", value: "x" }],
    tags: [{ key: "t", value: "y" }],
  });
  await post("runs/delete-tag", { run_id, key: "t" });
  const ended = await post("runs/update", { ...both, status: "FINISHED", end_time: "1700000001000" });
  expect(ended.run_info).toMatchObject({ run_uuid: run_id, status: "FINISHED", end_time: 1_700_000_001_000 });

  const read = (await get("runs/get", both)).run;
  expect(read.info).toMatchObject({ user_id: "unknown", start_time: 1_700_000_000_123 });
  expect(read.data.params).toEqual([
    { key: "alpha", value: "0.5" },
    { key: "p", value: "x" },
  ]);
  expect(read.data.metrics).toEqual([
    { key: "a", value: 1, timestamp: 1_700_000_000_000, step: 1 },
    { key: "b", value: Number.MAX_VALUE, timestamp: 1_700_000_000_001, step: 0 },
    { key: "loss", value: 0.0001, timestamp: 1_700_000_000_000, step: 100_000 },
  ]);
  const { metrics } = await get("metrics/get-history", { ...both, metric_key: "loss" });
  expect(metrics.map(({ value }: { value: unknown }) => value)).toEqual([
    0.0001,
    0.333333333333333,
    "NaN",
    -Number.MAX_VALUE,
  ]);
  const search = { experiment_ids: [experiment_id], run_view_type: "ACTIVE_ONLY" };
  const found = await post("runs/search", {
    ...search,
    filter: "metrics.a > 0",
    order_by: ["metrics.a DESC"],
  });
  expect(found.runs.map((one: typeof read) => one.info.run_id)).toEqual([run_id]);
  expect((await get("artifacts/list", both)).root_uri).toBe(read.info.artifact_uri);
  await post("runs/delete", { run_id });
  expect(await post("runs/search", search)).toEqual({});
  await post("runs/restore", { run_id });
});

test("a model is registered, found and moved as R does", async () => {
  const { get, post, patch, remove } = asR(await openTestServer());
  await post("registered-models/create", { name: "iris", description: "flowers" });
  await post("model-versions/create", { name: "iris", source: "s3://models/iris" });
  await patch("model-versions/update", { name: "iris", version: "1", description: "first" });
  const moved = { name: "iris", version: "1", stage: "Production", archive_existing_versions: "FALSE" };
  expect((await post("model-versions/transition-stage", moved)).model_version.current_stage).toBe(
    "Production",
  );
  await post("registered-models/alias", { name: "iris", alias: "best", version: "1" });
  const latest = await get("registered-models/get-latest-versions", { name: "iris", stages: "Production" });
  expect(latest.model_versions).toMatchObject([{ version: "1", description: "first", aliases: ["best"] }]);
  const found = await post("registered-models/search", { filter: "name = 'iris'", max_results: "100" });
  expect(found.registered_models).toMatchObject([{ name: "iris", description: "flowers" }]);
  await remove("model-versions/delete", { name: "iris", version: "1" });
  await remove("registered-models/delete", { name: "iris" });
  expect(await post("registered-models/search", { max_results: "100" })).toEqual({});
});
