import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

// What a comparison with the stock server found to differ (test/mlflow-differential.test.ts asks both).

const message = (answer: { body: Record<string, unknown> }) => answer.body.message;

test("restoring or deleting an experiment that is so already leaves its runs as they are", async () => {
  const server = await openTestServer();
  const { post, get } = server;
  const run_id = await newRun(server);
  await post("runs/delete", { run_id });
  expect((await post("experiments/restore", { experiment_id: "0" })).status).toBe(404);
  const { body } = await get("runs/get", { run_id });
  expect(body.run).toMatchObject({ info: { lifecycle_stage: "deleted" } });
  expect((await post("runs/set-tag", { run_id, key: "a", value: "b" })).status).toBe(400);
});

test("a run may begin with tags of any key, and a logged model may have them at any time", async () => {
  const { post, get, send } = await openTestServer();
  const tags = [{ key: "who@where!", value: "x" }];
  const made = await post("runs/create", { experiment_id: "0", tags });
  expect(made.body.run).toMatchObject({ data: { tags: expect.arrayContaining(tags) } });
  expect(made.body.run).not.toHaveProperty("outputs");
  const { body } = await post("logged-models", {
    experiment_id: "0",
    tags,
    params: [{ key: "a!", value: "v".repeat(6001) }],
  });
  const { info, data } = body.model as {
    info: Record<string, unknown>;
    data: { params: { value: string }[] };
  };
  expect(info).toMatchObject({ tags, model_type: "", source_run_id: "" });
  expect(data.params[0]?.value).toHaveLength(6000);
  const more = await send("PATCH", `logged-models/${info.model_id}/tags`, {
    tags: [{ key: "b!", value: "v".repeat(8001) }],
  });
  expect(more).toEqual({ status: 200, body: {} });
  const after = (await get(`logged-models/${info.model_id}`)).body.model as {
    info: { tags: { value: string }[] };
  };
  expect(after.info.tags.map(({ value }) => value.length).sort()).toEqual([1, 8000]);
  expect((await post("runs/create", { tags: [{ key: "k".repeat(251), value: "x" }] })).status).toBe(400);
});

test("a long tag of an experiment is cut, and an id below zero is one of no experiment", async () => {
  const { post, get } = await openTestServer();
  const tag = { key: "t", value: "v".repeat(5001) };
  const { body } = await post("experiments/create", { name: "e", tags: [tag] });
  await post("experiments/set-experiment-tag", {
    experiment_id: body.experiment_id,
    key: "u",
    value: tag.value,
  });
  const found = (await get("experiments/get", { experiment_id: String(body.experiment_id) })).body;
  const { tags } = found.experiment as { tags: { value: string }[] };
  expect(tags.map(({ value }) => value.length)).toEqual([5000, 5000]);
  expect((await get("experiments/get", { experiment_id: "-1" })).status).toBe(404);
});

test("a run keeps its name when the tag of it is set to nothing; an end at zero is none", async () => {
  const server = await openTestServer();
  const { post, get } = server;
  const run_id = await newRun(server);
  await post("runs/update", { run_id, run_name: "named", end_time: 0 });
  await post("runs/set-tag", { run_id, key: "mlflow.runName", value: "" });
  const { info, data } = (await get("runs/get", { run_id })).body.run as Record<
    string,
    Record<string, unknown>
  >;
  expect(info).toMatchObject({ run_name: "named" });
  expect(info).not.toHaveProperty("end_time");
  expect(data?.tags).toContainEqual({ key: "mlflow.runName", value: "named" });
});

test("a dataset that a run read before gets no more tags", async () => {
  const server = await openTestServer();
  const { post, get } = server;
  const run_id = await newRun(server);
  const dataset = { name: "d", digest: "1", source_type: "local", source: "{}" };
  const log = (key: string) =>
    post("runs/log-inputs", { run_id, datasets: [{ dataset, tags: [{ key, value: "x" }] }] });
  await log("first");
  await log("second");
  const { body } = await get("runs/get", { run_id });
  expect(body.run).toMatchObject({ inputs: { dataset_inputs: [{ tags: [{ key: "first", value: "x" }] }] } });
});

test("a metric names both the name and the digest of its dataset, or none", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const metric = { key: "m", value: 1, timestamp: 1, step: 0, dataset_name: "d" };
  for (const answer of [
    await server.post("runs/log-metric", { run_id, ...metric }),
    await server.post("runs/log-batch", { run_id, metrics: [metric] }),
  ]) {
    expect(message(answer)).toBe("Both dataset_name and dataset_digest must be provided if one is provided");
  }
  expect((await server.post("runs/outputs", { run_id, models: [] })).status).toBe(200);
});

test("fields may be called as other makers of protocol buffers call them, but not twice", async () => {
  const { post, get } = await openTestServer();
  await post("experiments/create", { name: "e", artifactLocation: "s3://b/e" });
  const { body } = await get("experiments/get-by-name", { experiment_name: "e" });
  expect(body.experiment).toMatchObject({ artifact_location: "s3://b/e" });
  const twice = await post("experiments/create", {
    name: "f",
    artifactLocation: "s3://b/e",
    artifact_location: "",
  });
  expect(message(twice)).toBe(
    "Request specifies both 'artifact_location' and 'artifactLocation'; provide only one of them.",
  );
});

test("a list stands in brackets in a body; in a query, one item is a list", async () => {
  const { post, get } = await openTestServer();
  expect((await post("runs/search", { experiment_ids: "0" })).status).toBe(400);
  expect((await get("registered-models/search", { order_by: "name" })).status).toBe(200);
});

test("a description that was never given is left out, and an update without one takes it away", async () => {
  const { post, get, send } = await openTestServer();
  expect((await post("registered-models/create", { name: "m" })).body.registered_model).not.toHaveProperty(
    "description",
  );
  const source = "s3://b/k";
  const first = await post("model-versions/create", { name: "m", source });
  expect(first.body.model_version).toMatchObject({ description: "" });
  await post("model-versions/create", { name: "m", source, description: "good" });
  await send("PATCH", "model-versions/update", { name: "m", version: "2" });
  const { body } = await get("model-versions/get", { name: "m", version: "2" });
  expect(body.model_version).not.toHaveProperty("description");
});

test("versions come with what changed last at first, and their number may stand in quotes", async () => {
  const server = await openTestServer();
  const { post, get, send } = server;
  await post("registered-models/create", { name: "m" });
  for (let i = 0; i < 3; i++) {
    server.passMs(1);
    await post("model-versions/create", { name: "m", source: "s3://b/k" });
  }
  server.passMs(1);
  await send("PATCH", "model-versions/update", { name: "m", version: "2", description: "x" });
  const versions = async (query: Record<string, string>) =>
    ((await get("model-versions/search", query)).body.model_versions as { version: string }[]).map(
      ({ version }) => version,
    );
  expect(await versions({})).toEqual(["2", "3", "1"]);
  expect(await versions({ filter: "version_number = '3'" })).toEqual(["3"]);
  for (const path of ["registered-models", "model-versions"]) {
    const gone = await send("DELETE", `${path}/delete-tag`, { name: "m", version: "1", key: "bad!" });
    expect(message(gone)).toMatch(/^Invalid value "bad!" for parameter 'key' supplied/);
  }
});

test("the newest versions come in the order of their stages' first versions, in a search by stage", async () => {
  const { post, get } = await openTestServer();
  await post("registered-models/create", { name: "m" });
  for (let i = 0; i < 3; i++) await post("model-versions/create", { name: "m", source: "s3://b/k" });
  await post("model-versions/transition-stage", { name: "m", version: "2", stage: "Staging" });
  const { body } = await post("registered-models/get-latest-versions", { name: "m" });
  expect(body.model_versions).toMatchObject([{ version: "3" }, { version: "2" }]);
  await post("model-versions/transition-stage", { name: "m", version: "3", stage: "Archived" });
  await post("model-versions/transition-stage", { name: "m", version: "1", stage: "Production" });
  const found = (await get("registered-models/search", { filter: "name = 'm'" })).body.registered_models;
  expect(found).toMatchObject([{ latest_versions: [{ version: "3" }, { version: "1" }, { version: "2" }] }]);
});

test("params that cannot change are told as Python shows them", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  await server.post("runs/log-batch", { run_id, params: [{ key: "a", value: "1" }] });
  const answer = await server.post("runs/log-batch", { run_id, params: [{ key: "a", value: "it's" }] });
  expect(message(answer)).toBe(
    `Changing param values is not allowed. Params were already logged='[{'key': 'a', 'old_value': '1', 'new_value': "it's"}]' for run ID='${run_id}'.`,
  );
});

test("a prompt's source is one of the words that clients give", async () => {
  const { post } = await openTestServer();
  const tags = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
  await post("registered-models/create", { name: "p", tags });
  const make = (source: string) => post("model-versions/create", { name: "p", source, tags });
  expect((await make("prompt-template")).status).toBe(200);
  expect(message(await make("x"))).toBe(
    "Invalid prompt source: 'x'. Prompt sources must use an MLflow placeholder.",
  );
});

test("logged models are found by lists of params and tags", async () => {
  const { post } = await openTestServer();
  const pair = { key: "a", value: "1" };
  await post("logged-models", { experiment_id: "0", name: "l", params: [pair], tags: [pair] });
  for (const filter of ["params.a IN ('1', '2')", "tags.a NOT IN ('2')"]) {
    const { body } = await post("logged-models/search", { experiment_ids: ["0"], filter });
    expect(body.models).toHaveLength(1);
  }
});
