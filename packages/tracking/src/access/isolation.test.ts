import { expect, test } from "vitest";
import { putFile } from "../locations/locations.ts";
import { bytesOf } from "../test-tracking.support.ts";
import { type GuardedServer, openGuardedServer } from "./guarded-server.support.ts";

interface Town extends GuardedServer {
  /** May do everything. */
  readonly ada: string;
  /** Edits `digits` and nothing else. */
  readonly dora: string;
  /** Of the application `fraud`. */
  readonly fraud: { experiment: string; run: string; loggedModel: string; path: string };
  readonly own: { experiment: string; run: string };
}

/** Two applications with an experiment, a run, files and models each. */
async function openTown(): Promise<Town> {
  const server = await openGuardedServer();
  const { ask, tokenFor, tracking } = server;
  const ada = await tokenFor("ada", { "*": "admin" });
  const dora = await tokenFor("dora", { digits: "editor" });
  const make = async (name: string) => {
    const { body } = await ask(ada, "POST", "experiments/create", { name });
    const experiment = String(body.experiment_id);
    const made = await ask(ada, "POST", "runs/create", { experiment_id: experiment });
    return { experiment, run: (made.body.run as { info: { run_id: string } }).info.run_id };
  };
  const own = await make("digits/train");
  const theirs = await make("fraud/train");
  const logged = await ask(ada, "POST", "logged-models", { experiment_id: theirs.experiment, name: "net" });
  const loggedModel = (logged.body.model as { info: { model_id: string } }).info.model_id;
  const path = `${theirs.experiment}/${theirs.run}/artifacts/secret.txt`;
  await putFile(tracking.context, path, bytesOf("secret"));
  const tags = [{ key: "scanflow.application", value: "fraud" }];
  await ask(ada, "POST", "registered-models/create", { name: "forest", tags });
  await ask(ada, "POST", "model-versions/create", {
    name: "forest",
    source: `runs:/${theirs.run}/`,
    run_id: theirs.run,
  });
  return { ...server, ada, dora, own, fraud: { ...theirs, loggedModel, path } };
}

type Request = readonly ["GET" | "POST" | "PATCH" | "DELETE" | "PUT", string, object?];

test("nothing of another application can be read or changed, by whatever name or way", async () => {
  const { ask, dora, ada, fraud, own } = await openTown();
  const { experiment, run, loggedModel, path } = fraud;
  const forbidden: Request[] = [
    ["GET", "experiments/get", { experiment_id: experiment }],
    ["GET", "experiments/get", { experiment_id: `00${experiment}` }],
    ["GET", "experiments/get-by-name", { experiment_name: "fraud/train" }],
    ["POST", "experiments/create", { name: "fraud/other" }],
    [
      "POST",
      "experiments/create",
      { name: "digits/x", artifact_location: `mlflow-artifacts:/${experiment}` },
    ],
    ["POST", "experiments/update", { experiment_id: own.experiment, new_name: "fraud/mine" }],
    ["POST", "experiments/update", { experiment_id: experiment, new_name: "digits/mine" }],
    ["POST", "runs/create", { experiment_id: experiment }],
    ["POST", "runs/create", {}],
    ["GET", "runs/get", { run_id: run }],
    ["GET", "runs/get", { run_uuid: run }],
    ["POST", "runs/log-metric", { run_uuid: run, key: "a", value: 1, timestamp: 1 }],
    ["POST", "runs/log-metric", { run_id: own.run, model_id: loggedModel, key: "a", value: 1, timestamp: 1 }],
    [
      "POST",
      "runs/log-batch",
      { run_id: own.run, metrics: [{ key: "a", value: 1, timestamp: 1, model_id: loggedModel }] },
    ],
    ["POST", "runs/outputs", { run_id: own.run, models: [{ model_id: loggedModel }] }],
    ["GET", "artifacts/list", { run_id: run }],
    ["GET", "/get-artifact", { run_id: run, path: "secret.txt" }],
    ["GET", "metrics/get-history", { run_id: run, metric_key: "a" }],
    ["GET", `metrics/get-history-bulk?run_id=${own.run}&run_id=${run}&metric_key=a`],
    ["GET", `metrics/get-history-bulk-interval?run_ids=${own.run}&run_ids=${run}&metric_key=a`],
    ["GET", `logged-models/${loggedModel}`],
    ["GET", `logged-models/${loggedModel}?model_id=m-other`],
    ["GET", `logged-models/${loggedModel}/artifacts/files?artifact_file_path=a`],
    ["PATCH", `logged-models/${loggedModel}`, { status: 2 }],
    ["POST", "logged-models", { experiment_id: own.experiment, source_run_id: run }],
    ["GET", "registered-models/get", { name: "forest" }],
    ["DELETE", "registered-models/delete", { name: "forest" }],
    [
      "POST",
      "registered-models/create",
      { name: "fraud", tags: [{ key: "scanflow.application", value: "fraud" }] },
    ],
    ["POST", "registered-models/set-tag", { name: "forest", key: "scanflow.application", value: "digits" }],
    // Fields that the route does not read must not change the judgement.
    [
      "POST",
      "registered-models/set-tag",
      { name: "mine", new_name: "mine", key: "scanflow.application", value: "fraud" },
    ],
    [
      "DELETE",
      "registered-models/delete-tag",
      { name: "mine", key: "scanflow.application", value: "digits" },
    ],
    [
      "DELETE",
      "registered-models/delete-tag",
      { name: "mine", new_name: "mine", key: "scanflow.application" },
    ],
    ["POST", "registered-models/rename", { name: "forest", new_name: "x", key: "y", value: "digits" }],
    ["GET", "model-versions/get", { name: "forest", version: "1" }],
    ["GET", "/model-versions/get-artifact", { name: "forest", version: "1", path: "secret.txt" }],
    ["POST", "registered-models/alias", { name: "forest", alias: "best", version: "1" }],
    ["GET", `/api/2.0/mlflow-artifacts/artifacts/${path}`],
    ["GET", `/api/2.0/mlflow-artifacts/artifacts/${path.replace("/", "//")}`],
    ["GET", `/ajax-api/2.0/mlflow-artifacts/artifacts?path=${experiment}`],
    ["GET", `/api/2.0/mlflow-artifacts/artifacts?path=${experiment}&*=${own.experiment}/x`],
    ["GET", "/api/2.0/mlflow-artifacts/artifacts"],
    ["PUT", `/api/2.0/mlflow-artifacts/artifacts/${path}`],
    ["DELETE", `/api/2.0/mlflow-artifacts/artifacts/${path}`],
    ["POST", `/api/2.0/mlflow-artifacts/mpu/create/${experiment}`, { path: "a", num_parts: 1 }],
  ];
  expect((await ask(dora, "POST", "registered-models/create", { name: "mine" })).status).toBe(200);
  for (const [method, where, input] of forbidden) {
    const { status, body } = await ask(dora, method, where, input);
    expect([method, where, input, status, body.error_code]).toEqual([
      method,
      where,
      input,
      403,
      "PERMISSION_DENIED",
    ]);
  }
  const mine: Request[] = [
    ["GET", "experiments/get", { experiment_id: own.experiment }],
    ["POST", "runs/log-metric", { run_id: own.run, key: "a", value: 1, timestamp: 1 }],
    ["PUT", `/api/2.0/mlflow-artifacts/artifacts/${own.experiment}/${own.run}/artifacts/a.txt`],
    ["GET", "artifacts/list", { run_id: own.run }],
    ["POST", "logged-models", { experiment_id: own.experiment, source_run_id: own.run }],
  ];
  for (const [method, where, input] of mine) {
    const { status } = await ask(dora, method, where, input);
    expect([method, where, status]).toEqual([method, where, 200]);
  }
  const kept = await ask(ada, "GET", `/get-artifact?run_id=${run}&path=secret.txt`);
  expect(kept.status).toBe(200);
});

test("a folder that holds another application's files is not removed or listed by half", async () => {
  const { ask, dora, ada, own } = await openTown();
  const inside = `mlflow-artifacts:/${own.experiment}/shared`;
  await ask(ada, "POST", "experiments/create", { name: "fraud/inside", artifact_location: inside });
  const proxy = "/api/2.0/mlflow-artifacts/artifacts";
  const status = async (method: "GET" | "DELETE", path: string) => (await ask(dora, method, path)).status;
  expect(await status("DELETE", `${proxy}/${own.experiment}/shared/a.txt`)).toBe(403);
  expect(await status("DELETE", `${proxy}/${own.experiment}`)).toBe(403);
  expect(await status("GET", `${proxy}?path=${own.experiment}`)).toBe(403);
  expect(await status("DELETE", `${proxy}/${own.experiment}/${own.run}`)).toBe(200);
  expect(await status("GET", `${proxy}?path=${own.experiment}/${own.run}`)).toBe(200);
});

test("a version cannot be made from what its maker may not read", async () => {
  const { ask, dora, fraud } = await openTown();
  expect((await ask(dora, "POST", "registered-models/create", { name: "mine" })).status).toBe(200);
  for (const from of [
    { source: `runs:/${fraud.run}/`, run_id: fraud.run },
    { source: `mlflow-artifacts:/${fraud.path}`, run_id: fraud.run },
    { source: `models:/${fraud.loggedModel}` },
    { source: "models:/forest/1" },
    { source: "models:/forest@latest" },
    { source: "s3://bucket/key", model_id: fraud.loggedModel },
  ]) {
    const { status } = await ask(dora, "POST", "model-versions/create", { name: "mine", ...from });
    expect([from, status]).toEqual([from, 403]);
  }
});

test("searches show what one may see, page by page, and no more", async () => {
  const { access, ask, dora, ada, fraud, own } = await openTown();
  const experiments = await ask(dora, "POST", "experiments/search", { max_results: 1 });
  expect(experiments.body).toEqual({ experiments: [expect.objectContaining({ name: "digits/train" })] });
  const ids = [own.experiment, fraud.experiment, "0"];
  const found = await ask(dora, "POST", "runs/search", { experiment_ids: ids });
  expect(found.body.runs).toMatchObject([{ info: { run_id: own.run } }]);
  expect((await ask(ada, "POST", "runs/search", { experiment_ids: ids })).body.runs).toHaveLength(2);
  expect((await ask(dora, "POST", "logged-models/search", { experiment_ids: ids })).body).toEqual({});
  expect((await ask(dora, "POST", "experiments/search-datasets", { experiment_ids: ids })).body).toEqual({});
  expect((await ask(dora, "GET", "registered-models/search")).body).toEqual({});
  expect((await ask(dora, "GET", "model-versions/search", { filter: "name = 'forest'" })).body).toEqual({});
  expect((await ask(ada, "GET", "model-versions/search")).body.model_versions).toHaveLength(1);
  await access.setRole({ name: "dora", application: "digits", role: null });
  expect((await ask(dora, "POST", "experiments/search", { max_results: 9 })).body).toEqual({});
  expect((await ask(dora, "GET", "runs/get", { run_id: own.run })).status).toBe(403);
});

test("a model that an editor of one application makes belongs to it, whatever its name", async () => {
  const { ask, dora, ada, tokenFor } = await openTown();
  await ask(dora, "POST", "registered-models/create", { name: "ocr" });
  const { body } = await ask(dora, "GET", "registered-models/search");
  expect(body.registered_models).toMatchObject([
    { name: "ocr", tags: [{ key: "scanflow.application", value: "digits" }] },
  ]);
  const both = await tokenFor("bo", { digits: "editor", fraud: "editor" });
  expect((await ask(both, "POST", "registered-models/create", { name: "loose" })).status).toBe(403);
  const tag = { name: "ocr", key: "scanflow.application", value: "fraud" };
  expect((await ask(dora, "POST", "registered-models/set-tag", tag)).status).toBe(403);
  expect((await ask(both, "POST", "registered-models/set-tag", tag)).status).toBe(200);
  expect((await ask(dora, "GET", "registered-models/get", { name: "ocr" })).status).toBe(403);
  expect((await ask(ada, "GET", "registered-models/get", { name: "ocr" })).status).toBe(200);
});

test("the token is taken as Bearer and as the password of Basic, and wrong ones are told to wait at last", async () => {
  const { app, dora } = await openTown();
  const basic = (password: string) => `Basic ${Buffer.from(`anyone:${password}`).toString("base64")}`;
  const statusFor = async (authorization: string) =>
    (await app.inject({ url: "/api/3.0/mlflow/traces", headers: { authorization } })).statusCode;
  expect(await statusFor(`Bearer ${dora}`)).toBe(404);
  expect(await statusFor(basic(dora))).toBe(404);
  for (const wrong of [basic("password"), basic("admin"), "Bearer x", `Bearer ${dora}x`, `Token ${dora}`]) {
    expect([wrong, await statusFor(wrong)]).toEqual([wrong, 401]);
  }
  const statuses = new Set<number>();
  for (let i = 0; i < 20; i++) statuses.add(await statusFor("Bearer wrong"));
  expect([...statuses]).toEqual([401, 429]);
  expect(await statusFor(`Bearer ${dora}`)).toBe(404);
});

test("what GraphQL asks for is judged like the routes that it stands for", async () => {
  const { ask, dora, own, fraud } = await openTown();
  const query =
    "query q($data: MlflowGetRunInput!) { mlflowGetRun(input: $data) { run { info { runId } } } }";
  const read = async (runId: string) =>
    (await ask(dora, "POST", "/graphql", { query, variables: { data: { runId } } })).body;
  expect(JSON.stringify(await read(own.run))).toContain(own.run);
  expect(JSON.stringify(await read(fraud.run))).toContain("needs the role viewer");
});
