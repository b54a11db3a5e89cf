import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

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
