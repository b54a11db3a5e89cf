import { expect, test } from "vitest";
import { openTestServer } from "../test-server.support.ts";
import { purgeExperiment } from "./purge.ts";

test("a version that is registered while a purge looks for what goes is gone with its run", async () => {
  const { app, tracking } = await openTestServer();
  const ask = async (path: string, payload: object) => {
    const answer = await app.inject({ method: "POST", url: `/api/2.0/mlflow/${path}`, payload });
    expect([path, answer.statusCode, answer.json().message]).toEqual([path, 200, undefined]);
    return answer.json();
  };
  const { experiment_id } = await ask("experiments/create", { name: "e" });
  const { run } = await ask("runs/create", { experiment_id, start_time: 1 });
  await ask("registered-models/create", { name: "m" });
  const { context } = tracking;
  let registrations = 0;
  // Between the plan and the removal, which is the unit that deletes runs.
  const write: typeof context.store.write = async (unit) => {
    if (registrations === 0 && unit.some(({ sql }) => /DELETE FROM tracking_runs/.test(sql))) {
      registrations += 1;
      const source = `${run.info.artifact_uri}/model`;
      await ask("model-versions/create", { name: "m", source, run_id: run.info.run_id });
    }
    return context.store.write(unit);
  };
  const { read, snapshot, shared } = context.store;
  const store = { shared, write, read: read.bind(context.store), snapshot: snapshot.bind(context.store) };
  await purgeExperiment({ ...context, store }, String(experiment_id));
  expect(registrations).toBe(1);
  expect(
    await context.store.read("SELECT * FROM tracking_runs WHERE experiment = ?", [experiment_id]),
  ).toEqual([]);
  expect(await context.store.read("SELECT * FROM tracking_versions")).toEqual([]);
});
