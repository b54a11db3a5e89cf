import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

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
    dataset_digest: "e",
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
