import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

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
