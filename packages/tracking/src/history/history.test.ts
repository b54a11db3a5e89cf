import { expect, test } from "vitest";
import { openGuardedServer } from "../access/guarded-server.support.ts";
import { putFile } from "../locations/locations.ts";
import { deleteModel } from "../registry/models.ts";
import { deleteVersion } from "../registry/versions.ts";
import { bytesOf, openTestTracking } from "../test-tracking.support.ts";
import { registryHistory } from "./history.ts";

const history = "/api/2.0/scanflow/registry/history";

test("the history says who changed what when, from what to what, also of what was deleted", async () => {
  const { ask, tokenFor, passMs } = await openGuardedServer();
  const ada = await tokenFor("ada", { "*": "admin" });
  const eda = await tokenFor("eda", { forest: "editor" });
  await ask(ada, "POST", "registered-models/create", { name: "forest", description: "first" });
  passMs(1);
  await ask(eda, "POST", "model-versions/create", { name: "forest", source: "s3://b/1" });
  await ask(eda, "PATCH", "registered-models/update", { name: "forest", description: "second" });
  await ask(eda, "PATCH", "registered-models/update", { name: "forest", description: "second" });
  await ask(eda, "POST", "registered-models/alias", { name: "forest", alias: "best", version: "1" });
  passMs(1);
  const stage = { name: "forest", version: "1", stage: "Production" };
  await ask(ada, "POST", "model-versions/transition-stage", stage);
  await ask(ada, "POST", "registered-models/rename", { name: "forest", new_name: "wood" });
  await ask(ada, "DELETE", "model-versions/delete", { name: "wood", version: "1" });
  const { body } = await ask(ada, "GET", history, { name: "forest" });
  const row = (user: string, timestamp: number, name: string, rest: object) => ({
    user,
    timestamp,
    name,
    ...rest,
  });
  const all = [
    row("ada", 1_000_000, "forest", { field: "description", after: "first" }),
    row("ada", 1_000_000, "forest", { field: "model", after: "forest" }),
    row("eda", 1_000_001, "forest", { field: "version", version: "1", after: "s3://b/1" }),
    row("eda", 1_000_001, "forest", { field: "description", before: "first", after: "second" }),
    row("eda", 1_000_001, "forest", { field: "alias", key: "best", after: "1" }),
    row("ada", 1_000_002, "forest", { field: "stage", version: "1", before: "None", after: "Production" }),
    row("ada", 1_000_002, "wood", { field: "name", before: "forest", after: "wood" }),
    row("ada", 1_000_002, "wood", { field: "alias", key: "best", before: "1" }),
    row("ada", 1_000_002, "wood", { field: "version", version: "1", before: "s3://b/1" }),
  ];
  expect(body).toEqual({ changes: all });
  expect((await ask(ada, "GET", history, { name: "wood" })).body).toEqual({ changes: all });
  const ofVersion = await ask(ada, "GET", history, { name: "wood", version: "1" });
  expect(ofVersion.body).toEqual({ changes: [all[2], all[4], all[5], all[7], all[8]] });
  const page = await ask(ada, "GET", history, { name: "wood", max_results: "8" });
  const page_token = String(page.body.next_page_token);
  const rest = await ask(ada, "GET", history, { name: "wood", page_token });
  expect([...(page.body.changes as []), ...(rest.body.changes as [])]).toEqual(all);
});

test("one sees the history of the applications that one may see, and a reused name starts anew", async () => {
  const { ask, tokenFor } = await openGuardedServer();
  const ada = await tokenFor("ada", { "*": "admin" });
  const mark = (value: string) => [{ key: "scanflow.application", value }];
  for (const application of ["fraud", "digits"]) {
    await ask(ada, "POST", "registered-models/create", { name: "m", tags: mark(application) });
    await ask(ada, "DELETE", "registered-models/delete", { name: "m" });
  }
  const vera = await tokenFor("vera", { digits: "viewer" });
  const seen = await ask(vera, "GET", history, { name: "m" });
  expect(seen.body.changes).toMatchObject([
    { field: "tag", after: "digits" },
    { field: "model", after: "m" },
    { field: "model", before: "m" },
  ]);
  expect((await ask(ada, "GET", history, { name: "m" })).body.changes).toHaveLength(6);
  expect((await ask(await tokenFor("nil", { x: "viewer" }), "GET", history, { name: "m" })).body).toEqual({
    changes: [],
  });
});

test("a purge leaves of a version that it was there and who took it away, and of a whole model nothing, also when it was deleted before", async () => {
  const { tracking, store } = await openTestTracking();
  await tracking.startRuns([{ runId: "r1", experimentId: "0", name: "a", startTime: 1 }]);
  await tracking.startRuns([{ runId: "r2", experimentId: "0", name: "b", startTime: 1 }]);
  const registration = {
    name: "m",
    source: "model",
    digest: `sha256:${"0".repeat(64)}`,
    description: "secret",
  };
  await tracking.registerVersion({ ...registration, runId: "r1" });
  await tracking.registerVersion({ ...registration, runId: "r2" });
  await tracking.purgeRuns(["r2"]);
  const ofSecond = await tracking.registryHistory({ name: "m", version: "2" });
  expect(ofSecond).toMatchObject([{ field: "purged", version: 2, before: undefined, after: undefined }]);
  await deleteModel(tracking.context, "m");
  expect(await tracking.registryHistory({ name: "m" })).not.toEqual([]);
  await tracking.purgeRuns(["r1"]);
  expect(await store.read("SELECT * FROM registry_history")).toEqual([]);
});

test("a version's signature is kept as its model file said it, and told by version", async () => {
  const { ask, tokenFor, tracking } = await openGuardedServer();
  const ada = await tokenFor("ada", { "*": "admin" });
  await tracking.startRuns([{ runId: "r1", experimentId: "0", name: "a", startTime: 1 }]);
  const inputs = [{ type: "double", name: "x", required: true }];
  const modelFile = `flavors:
  python_function: {loader_module: mlflow.sklearn}
signature:
  inputs: '${JSON.stringify(inputs)}'
  outputs: '[{"type": "long"}]'
  params: null
saved_input_example_info: {artifact_path: input_example.json, type: dataframe}
`;
  await putFile(tracking.context, "0/r1/artifacts/model/MLmodel", bytesOf(modelFile));
  await putFile(tracking.context, "0/r1/artifacts/odd/MLmodel", bytesOf("signature: ["));
  await ask(ada, "POST", "registered-models/create", { name: "m" });
  for (const folder of ["model", "odd", "none"]) {
    const made = { name: "m", source: `runs:/r1/${folder}`, run_id: "r1" };
    expect((await ask(ada, "POST", "model-versions/create", made)).status).toBe(200);
  }
  await ask(ada, "DELETE", "/api/2.0/mlflow-artifacts/artifacts/0/r1/artifacts/model/MLmodel");
  const signature = (version: string) =>
    ask(ada, "GET", "/api/2.0/scanflow/registry/signature", { name: "m", version });
  expect(await signature("1")).toEqual({
    status: 200,
    body: {
      inputs,
      outputs: [{ type: "long" }],
      input_example: { artifact_path: "input_example.json", type: "dataframe" },
      flavors: ["python_function"],
    },
  });
  expect((await signature("2")).status).toBe(404);
  expect((await signature("3")).status).toBe(404);
  expect((await signature("9")).status).toBe(404);
});

test("a version that was deleted and then purged with its run is not taken for a new one", async () => {
  const { tracking } = await openTestTracking();
  const { context } = tracking;
  const registration = { name: "m", source: "model", digest: `sha256:${"0".repeat(64)}` };
  for (const runId of ["r1", "r2"]) {
    await tracking.startRuns([{ runId, experimentId: "0", name: runId, startTime: 1 }]);
    await tracking.registerVersion({ ...registration, runId });
  }
  await deleteVersion(context, "m", "2");
  await tracking.purgeRuns(["r2"]);
  expect(await tracking.registerVersion({ ...registration, runId: "r1" })).toMatchObject({ version: 1 });
  const { items } = await registryHistory(context, { name: "m" });
  expect(items.filter(({ version }) => version === 2)).toMatchObject([{ field: "purged" }]);
});
