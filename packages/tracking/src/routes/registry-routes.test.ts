import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

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
