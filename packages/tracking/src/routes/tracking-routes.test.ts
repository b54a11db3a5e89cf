import { expect, test } from "vitest";
import { openTestServer, type TestServer } from "../test-server.support.ts";
import { trackingRouteTable } from "./tracking-routes.ts";

async function newRun({ post }: TestServer, fields: object = {}): Promise<string> {
  const { body } = await post("runs/create", { experiment_id: "0", start_time: 7, ...fields });
  return (body.run as { info: { run_id: string } }).info.run_id;
}

test("every route of the table is there under both prefixes, and what is not is ENDPOINT_NOT_FOUND", async () => {
  const { app } = await openTestServer();
  for (const prefix of ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"]) {
    for (const { methods, path } of trackingRouteTable) {
      for (const method of methods) {
        expect(app.hasRoute({ method, url: prefix + path })).toBe(true);
      }
    }
  }
  for (const url of [
    "/api/2.0/mlflow/webhooks/create",
    "/api/3.0/mlflow/traces",
    "/api/2.0/mlflow-artifacts/mpu/create/a",
  ]) {
    const response = await app.inject({
      method: "POST",
      url,
      headers: { "content-type": "application/json" },
      payload: "{}",
    });
    expect([response.statusCode, response.json().error_code]).toEqual([404, "ENDPOINT_NOT_FOUND"]);
  }
});

test("health and version answer in plain text", async () => {
  const { app } = await openTestServer();
  expect((await app.inject("/health")).body).toBe("OK");
  expect((await app.inject("/version")).body).toMatch(/^\d+\.\d+\.\d+$/);
});

test("a POST that does not say it brings JSON is refused", async () => {
  const { app } = await openTestServer();
  const url = "/api/2.0/mlflow/experiments/create";
  const payload = JSON.stringify({ name: "x" });
  for (const headers of [
    {},
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
  ]) {
    const response = await app.inject({ method: "POST", url, headers, payload });
    expect(response.statusCode).toBe(400);
  }
  const broken = await app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    payload: "{",
  });
  expect([broken.statusCode, broken.json().error_code]).toEqual([400, "BAD_REQUEST"]);
  const twice = await app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(payload),
  });
  expect(twice.statusCode).toBe(200);
});

test("a run is created with its name as a tag and shown with both of its ids", async () => {
  const server = await openTestServer();
  const { body } = await server.post("runs/create", {
    experiment_id: "0",
    user_id: "ana",
    run_name: "first",
    start_time: "5",
    tags: [{ key: "k", value: "v" }],
  });
  const { info, data } = body.run as { info: Record<string, unknown>; data: unknown };
  expect(info).toEqual({
    run_id: info.run_uuid,
    run_uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
    run_name: "first",
    experiment_id: "0",
    user_id: "ana",
    status: "RUNNING",
    start_time: 5,
    artifact_uri: `mlflow-artifacts:/0/${info.run_id}/artifacts`,
    lifecycle_stage: "active",
  });
  expect(data).toEqual({
    tags: [
      { key: "k", value: "v" },
      { key: "mlflow.runName", value: "first" },
    ],
  });
  const conflict = await server.post("runs/create", {
    run_name: "a",
    tags: [{ key: "mlflow.runName", value: "b" }],
  });
  expect(conflict.body).toMatchObject({
    error_code: "INVALID_PARAMETER_VALUE",
    message: expect.stringContaining("Both 'run_name' argument and 'mlflow.runName' tag are specified"),
  });
});

test("wrong and missing fields are named in the words clients know", async () => {
  const server = await openTestServer();
  const { post, get } = server;
  const hint = "See the API docs for more information about request parameters.";
  expect((await post("runs/log-batch", { run_id: 31 })).body.message).toBe(
    `Invalid value 31 for parameter 'run_id' supplied:  Hint: Value was of type 'int'. ${hint}`,
  );
  expect(
    (await post("runs/log-batch", { run_id: "a", metrics: [{ key: "m", timestamp: 1 }] })).body.message,
  ).toBe(`Missing value for required parameter 'metrics[0].value'. ${hint}`);
  expect((await get("runs/get")).body).toMatchObject({
    error_code: "INVALID_PARAMETER_VALUE",
    message: `Missing value for required parameter 'run_id'. ${hint}`,
  });
  expect(await get("runs/get", { run_id: "nobody" })).toEqual({
    status: 404,
    body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run with id=nobody not found" },
  });
  expect((await post("runs/search", { experiment_ids: ["0"], max_results: 50_001 })).body.message).toContain(
    "Invalid value 50001 for parameter 'max_results' supplied",
  );
  expect((await post("experiments/search", {})).status).toBe(400);
  const runId = await newRun(server);
  const metric = { run_id: runId, key: "a\nb", value: 1, timestamp: 1 };
  expect((await post("runs/log-metric", metric)).body.message).toContain("Names may only contain");
  expect((await post("runs/log-metric", { ...metric, key: "m", step: 2 ** 60 })).status).toBe(400);
});

test("numbers may come as text, NaN goes as text, infinities as the largest doubles", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const big = Number.MAX_SAFE_INTEGER;
  const metrics = [
    { key: "text", value: "0.5", timestamp: "12", step: "3" },
    { key: "nan", value: "NaN", timestamp: 1 },
    { key: "up", value: "Infinity", timestamp: 1 },
    { key: "down", value: "-Infinity", timestamp: big, step: -big },
  ];
  expect(await server.post("runs/log-batch", { run_id, metrics, unknown_field: 1 })).toEqual({
    status: 200,
    body: {},
  });
  const { run } = (await server.get("runs/get", { run_uuid: run_id })).body as {
    run: { data: { metrics: unknown } };
  };
  expect(run.data.metrics).toEqual([
    { key: "down", value: -1.7976931348623157e308, timestamp: big, step: -big },
    { key: "nan", value: "NaN", timestamp: 1, step: 0 },
    { key: "text", value: 0.5, timestamp: 12, step: 3 },
    { key: "up", value: 1.7976931348623157e308, timestamp: 1, step: 0 },
  ]);
});

test("a batch over a limit is refused whole, and long values are cut", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: "1", timestamp: 1 }));
  for (const [list, count] of [
    ["metrics", 1001],
    ["params", 101],
    ["tags", 101],
  ] as const) {
    const { status, body } = await server.post("runs/log-batch", { run_id, [list]: many(count) });
    expect([status, body.message]).toEqual([
      400,
      expect.stringContaining(`at most ${count - 1} ${list}. Got ${count}`),
    ]);
  }
  const mixed = { metrics: many(950), params: many(40), tags: many(40) };
  expect((await server.post("runs/log-batch", { run_id, ...mixed })).body.message).toContain(
    "at most 1000 metrics, params, and tags. Got 1030",
  );
  await server.post("runs/log-parameter", { run_id, key: "long", value: "é".repeat(7000) });
  const run = await server.tracking.getRun(run_id);
  expect(run.params).toEqual([{ key: "long", value: "é".repeat(6000) }]);
  expect(run.metrics).toEqual([]);
});

test("a deleted run can be read but not written, and the same param again is fine", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const log = (value: string) => server.post("runs/log-parameter", { run_id, key: "p", value });
  expect([(await log("1")).status, (await log("1")).status]).toEqual([200, 200]);
  expect(await log("2")).toEqual({
    status: 400,
    body: {
      error_code: "INVALID_PARAMETER_VALUE",
      message: `Changing param values is not allowed. Param with key='p' was already logged with value='1' for run ID='${run_id}'. Attempted logging new value '2'.`,
    },
  });
  await server.post("runs/delete", { run_id });
  expect((await server.get("runs/get", { run_id })).status).toBe(200);
  expect((await log("1")).body.message).toBe(
    `The run ${run_id} must be in the 'active' state. Current state is deleted.`,
  );
  expect((await server.post("runs/update", { run_id, status: "FINISHED" })).status).toBe(400);
  await server.post("runs/restore", { run_id });
  expect((await log("1")).status).toBe(200);
});

test("an experiment's name stays taken after it is deleted, and its runs go and come back with it", async () => {
  const server = await openTestServer();
  const { post, get } = server;
  const experiment_id = (await post("experiments/create", { name: "e" })).body.experiment_id as string;
  const run_id = await newRun(server, { experiment_id });
  await post("experiments/delete", { experiment_id });
  expect((await post("experiments/create", { name: "e" })).body.error_code).toBe("RESOURCE_ALREADY_EXISTS");
  expect(await post("experiments/update", { experiment_id, new_name: "f" })).toEqual({
    status: 400,
    body: { error_code: "INVALID_STATE", message: "Cannot rename a non-active experiment." },
  });
  expect((await post("runs/create", { experiment_id })).status).toBe(400);
  const stage = async () =>
    ((await get("runs/get", { run_id })).body.run as { info: { lifecycle_stage: string } }).info
      .lifecycle_stage;
  expect(await stage()).toBe("deleted");
  await post("experiments/restore", { experiment_id });
  expect(await stage()).toBe("active");
  expect((await get("experiments/get", { experiment_id: "99" })).body.message).toBe(
    "No Experiment with id=99 exists",
  );
});

test("histories are paged, sampled and bounded as asked", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const points = Array.from({ length: 100 }, (_, i) => ({
    key: "m",
    value: i,
    timestamp: 1000 - i,
    step: i,
  }));
  await server.post("runs/log-batch", { run_id, metrics: points });
  await server.post("runs/log-batch", { run_id, metrics: points.slice(0, 5) });
  const values = (body: Record<string, unknown>) =>
    ((body.metrics ?? []) as { value: number }[]).map((m) => m.value);
  const history = { run_id, metric_key: "m" };
  expect(values((await server.get("metrics/get-history", history)).body)).toEqual(
    points.map(({ value }) => value).reverse(),
  );
  const first = (await server.get("metrics/get-history", { ...history, max_results: "60" })).body;
  const token = String(first.next_page_token);
  const second = (
    await server.get("metrics/get-history", { ...history, max_results: "60", page_token: token })
  ).body;
  expect([values(first).length, values(second).length, second.next_page_token]).toEqual([60, 40, undefined]);
  for (const count of [1, 2, 7, 99, 100, 2500]) {
    const { body } = await server.get("metrics/get-history-bulk-interval", {
      run_ids: [run_id],
      metric_key: "m",
      max_results: String(count),
    });
    const sampled = values(body);
    expect(sampled).toHaveLength(Math.min(count, 100));
    expect(sampled.at(-1)).toBe(99);
    if (count > 1) expect(sampled[0]).toBe(0);
    expect(sampled).toEqual([...new Set(sampled)].sort((a, b) => a - b));
  }
  const range = { run_ids: [run_id], metric_key: "m", start_step: "10", end_step: "12" };
  expect(values((await server.get("metrics/get-history-bulk-interval", range)).body)).toEqual([10, 11, 12]);
  expect((await server.get("metrics/get-history", { ...history, max_results: "0" })).status).toBe(400);
});

test("a model version's source must be in the run that is named, or with the client", async () => {
  const server = await openTestServer();
  const { post } = server;
  const run_id = await newRun(server);
  await post("registered-models/create", { name: "m" });
  const create = async (source: string, more: object = { run_id }) =>
    (await post("model-versions/create", { name: "m", source, ...more })).status;
  expect(await create(`mlflow-artifacts:/0/${run_id}/artifacts/model`)).toBe(200);
  expect(await create(`runs:/${run_id}/model`)).toBe(200);
  expect(await create("s3://bucket/model", {})).toBe(200);
  expect(await create("models:/m/1", {})).toBe(200);
  for (const source of [
    "/etc/passwd",
    "file:///etc/passwd",
    "mlflow-artifacts:/",
    "mlflow-artifacts:/0/other/artifacts/model",
    `mlflow-artifacts:/0/${run_id}/artifacts/../../other`,
    `mlflow-artifacts:/0/${run_id}/artifacts/..%252f..%252fother`,
    "s3://bucket/../../x",
    "runs:/other/model",
    "models:/nobody/1",
    "gopher://x/y",
  ]) {
    expect([source, await create(source)]).toEqual([
      source,
      expect.toSatisfy((status) => status === 400 || status === 404),
    ]);
  }
  const uri = await server.get("model-versions/get-download-uri", { name: "m", version: "4" });
  expect(uri.body.artifact_uri).toBe(`mlflow-artifacts:/0/${run_id}/artifacts/model`);
});

test("versions count up and are never given again; stages and aliases move", async () => {
  const server = await openTestServer();
  const { post, get, send } = server;
  await post("registered-models/create", { name: "m", tags: [{ key: "a", value: "b" }] });
  const create = async () => {
    const { body } = await post("model-versions/create", { name: "m", source: "s3://b/k" });
    return (body.model_version as { version: string }).version;
  };
  expect([await create(), await create(), await create()]).toEqual(["1", "2", "3"]);
  await post("registered-models/alias", { name: "m", alias: "best", version: "3" });
  await send("DELETE", "model-versions/delete", { name: "m", version: "3" });
  expect(await create()).toBe("4");
  expect((await get("registered-models/alias", { name: "m", alias: "best" })).status).toBe(400);
  await post("registered-models/alias", { name: "m", alias: "best", version: 2 });
  await post("model-versions/transition-stage", { name: "m", version: "1", stage: "production" });
  await post("model-versions/transition-stage", {
    name: "m",
    version: "2",
    stage: "Production",
    archive_existing_versions: true,
  });
  const { body } = await get("registered-models/get", { name: "m" });
  expect(body.registered_model).toMatchObject({
    aliases: [{ alias: "best", version: "2" }],
    latest_versions: [
      { version: "1", current_stage: "Archived" },
      { version: "2", current_stage: "Production", aliases: ["best"] },
      { version: "4", current_stage: "None" },
    ],
  });
  expect((await post("registered-models/alias", { name: "m", alias: "v3", version: "1" })).body.message).toBe(
    "Version alias name 'v3' is reserved.",
  );
  expect((await post("registered-models/rename", { name: "m", new_name: "n" })).status).toBe(200);
  expect((await get("model-versions/search", { filter: "name = 'n'", max_results: "2" })).body).toMatchObject(
    {
      model_versions: [{ version: "4" }, { version: "2" }],
      next_page_token: expect.any(String),
    },
  );
});

test("a logged model is made, filled, finished, found and deleted", async () => {
  const server = await openTestServer();
  const { post, get, send } = server;
  const run_id = await newRun(server);
  const made = await post("logged-models", { experiment_id: "0", name: "line", source_run_id: run_id });
  const { model_id, artifact_uri } = (made.body.model as { info: Record<string, string> }).info;
  expect(artifact_uri).toBe(`mlflow-artifacts:/0/models/${model_id}/artifacts`);
  await post(`logged-models/${model_id}/params`, { params: [{ key: "p", value: "1" }] });
  await send("PATCH", `logged-models/${model_id}/tags`, { tags: [{ key: "t", value: "x" }] });
  await post("runs/log-metric", {
    run_id,
    key: "acc",
    value: 0.9,
    timestamp: 1,
    model_id,
    dataset_name: "d",
  });
  await post("runs/outputs", { run_id, models: [{ model_id, step: 2 }] });
  const finished = await send("PATCH", `logged-models/${model_id}`, { status: 2 });
  expect(finished.body.model).toMatchObject({
    info: { status: "LOGGED_MODEL_READY", tags: [{ key: "t", value: "x" }] },
    data: {
      params: [{ key: "p", value: "1" }],
      metrics: [{ key: "acc", value: 0.9, run_id, dataset_name: "d" }],
    },
  });
  expect((await server.tracking.getRun(run_id)).modelOutputs).toEqual([{ modelId: model_id, step: 2 }]);
  const found = async (body: object) =>
    (
      (await post("logged-models/search", { experiment_ids: ["0"], ...body })).body.models as
        | unknown[]
        | undefined
    )?.length ?? 0;
  expect(await found({ filter: "metrics.acc > 0.5 AND name = 'line' AND params.p = '1'" })).toBe(1);
  expect(await found({ filter: "metrics.acc > 0.5", datasets: [{ dataset_name: "other" }] })).toBe(0);
  expect(await found({ order_by: [{ field_name: "metrics.acc", ascending: false }] })).toBe(1);
  await send("DELETE", `logged-models/${model_id}/tags/t`);
  await send("DELETE", `logged-models/${model_id}`);
  expect((await get(`logged-models/${model_id}`)).status).toBe(404);
  expect((await get(`logged-models/${model_id}`, { allow_deleted: "true" })).status).toBe(200);
});

test("experiments are found by name, tag and time, in pages", async () => {
  const server = await openTestServer();
  for (let i = 0; i < 5; i++) {
    server.passMs(10);
    await server.post("experiments/create", {
      name: `exp-${i}`,
      tags: [{ key: "even", value: String(i % 2 === 0) }],
    });
  }
  const names = async (body: object) => {
    const answer = await server.post("experiments/search", { max_results: 10, ...body });
    return ((answer.body.experiments ?? []) as { name: string }[]).map(({ name }) => name);
  };
  expect(await names({})).toEqual(["exp-4", "exp-3", "exp-2", "exp-1", "exp-0", "Default"]);
  expect(await names({ filter: "tags.even = 'true' AND name LIKE 'exp-%'", order_by: ["name"] })).toEqual([
    "exp-0",
    "exp-2",
    "exp-4",
  ]);
  expect(await names({ filter: "creation_time > 1000030", order_by: ["experiment_id ASC"] })).toEqual([
    "exp-3",
    "exp-4",
  ]);
  expect(await names({ filter: "experiment_id IN ('1', '3')", order_by: ["experiment_id DESC"] })).toEqual([
    "exp-2",
    "exp-0",
  ]);
  const { body } = await server.get("experiments/search", { max_results: "2", view_type: "ALL" });
  expect(body.next_page_token).toEqual(expect.any(String));
});
