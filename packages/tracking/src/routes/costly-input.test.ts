import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

/**
 * What would keep a server busy for minutes, were it read carelessly: patterns that start anew at each character, and
 * texts that are decoded again and again. Without the care these tests do not end in time.
 */
const long = 1_000_000;
const slashes = `a${"/".repeat(long)}x`;
const encodings = `%${"25".repeat(long)}41`;

test.each([
  ["model-versions/create", { name: "m", source: `mlflow-artifacts:/${slashes}`, run_id: "r" }],
  ["model-versions/create", { name: "m", source: `s3://b/${encodings}` }],
  ["model-versions/create", { name: "m", source: `runs:/r/${encodings}`, run_id: "r" }],
  ["experiments/create", { name: "e", artifact_location: `mlflow-artifacts:/${slashes}` }],
  ["experiments/create", { name: "e", artifact_location: `s3://b/${encodings}` }],
  ["experiments/delete", { experiment_id: `${" ".repeat(long)}x` }],
  ["model-versions/transition-stage", { name: "m", version: `${" ".repeat(long)}x`, stage: "None" }],
  ["runs/log-metric", { run_id: "r", key: "k", value: `${"1".repeat(long)}x`, timestamp: 1 }],
  ["runs/log-metric", { run_id: "r", key: "k", value: 1, timestamp: `${" ".repeat(long)}1 x` }],
])("%s refuses an input that would take long to read", async (path, input) => {
  const server = await openTestServer();
  await newRun(server);
  await server.post("registered-models/create", { name: "m" });
  const { status, body } = await server.post(path, input);
  expect([status, body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
});

test("paths that would take long to read are refused, in GraphQL and uploads too", async () => {
  const server = await openTestServer();
  const runId = await newRun(server);
  const query = "query q($data: In!) { mlflowListArtifacts(input: $data) { rootUri } }";
  const payload = { query, variables: { data: { runId, path: encodings.slice(-900_000) } } };
  const asked = await server.app.inject({ method: "POST", url: "/graphql", payload });
  expect(asked.json().errors).toMatchObject([{ message: "Invalid path" }]);
  const begun = await server.app.inject({
    method: "POST",
    url: `/api/2.0/mlflow-artifacts/mpu/create/0/${runId}/artifacts`,
    payload: { path: encodings.slice(-900_000), num_parts: 1 },
  });
  expect([begun.statusCode, begun.json().message]).toEqual([400, "Invalid path"]);
});

/** Deeper than a function that calls itself can go; parsing JSON has no such bound. */
const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

test.each([
  ["experiments/create", `{"name":${deep}}`],
  ["runs/log-batch", `{"run_id":"r","metrics":${deep}}`],
  ["runs/create", `{"experiment_id":"0","tags":[{"key":${deep}}]}`],
  ["runs/create", `{"experimentId":"0","tags":${deep}}`],
  ["webhooks", `{"name":"w","url":"https://example.org","events":${deep}}`],
])("what is nested too deep for %s is a wrong value like any other", async (path, payload) => {
  const { app } = await openTestServer();
  const headers = { "content-type": "application/json" };
  const response = await app.inject({ method: "POST", url: `/api/2.0/mlflow/${path}`, headers, payload });
  expect([response.statusCode, response.json().error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
});

test("a model's description that is nested too deep is refused", async () => {
  const server = await openTestServer();
  const runId = await newRun(server);
  const described = `{"artifact_path":"m","flavors":{"a":${deep}},"utc_time_created":"x","run_id":${deep}}`;
  const { status, body } = await server.post("runs/log-model", { run_id: runId, model_json: described });
  expect([status, body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
});

const doubled = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1}, *a${i - 1}` : "x"}]`);

test.each([
  ["a signature that is nested too deep", `signature: { inputs: '${deep}' }`],
  ["more YAML than can be read in time", `flavors: { a: [${"x,".repeat(3_000_000)}] }`],
  ["YAML that doubles with every line", `${doubled.join("\n")}\nsaved_input_example_info: { a: *a29 }`],
])("a model whose file has %s is registered without a signature, and holds nobody up", async (_, content) => {
  const server = await openTestServer();
  const { app, post } = server;
  const runId = await newRun(server);
  const url = `/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/m/MLmodel`;
  expect((await app.inject({ method: "PUT", url, payload: content })).statusCode).toBe(200);
  await post("registered-models/create", { name: "m" });
  const made = post("model-versions/create", { name: "m", source: `runs:/${runId}/m`, run_id: runId });
  expect((await made).status).toBe(200);
  const signature = await app.inject("/api/2.0/scanflow/registry/signature?name=m&version=1");
  expect(signature.statusCode).toBe(404);
});

test("a model with thousands of columns keeps its signature", async () => {
  const server = await openTestServer();
  const { app, post } = server;
  const runId = await newRun(server);
  const columns = Array.from({ length: 5000 }, (_, i) => ({ name: `column ${i}`, type: "double" }));
  const payload = `flavors: { a: {} }\nsignature:\n  inputs: '${JSON.stringify(columns)}'\n`;
  const url = `/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/m/MLmodel`;
  await app.inject({ method: "PUT", url, payload });
  await post("registered-models/create", { name: "m" });
  await post("model-versions/create", { name: "m", source: `runs:/${runId}/m`, run_id: runId });
  const signature = await app.inject("/api/2.0/scanflow/registry/signature?name=m&version=1");
  expect(signature.json()).toEqual({ inputs: columns, flavors: ["a"] });
});
