import { expect, test } from "vitest";
import { openTestServer } from "../test-server.support.ts";

const dataset = { name: "numbers", digest: "d1", source_type: "local", source: "{}", schema: "[]" };
const context = (value: string) => ({ tags: [{ key: "mlflow.data.context", value }], dataset });

test("datasets are noted once for a run and found by name, digest and context", async () => {
  const { post, get, tracking } = await openTestServer();
  const starts = ["a", "b"].map((runId) => ({ runId, experimentId: "0", name: runId, startTime: 1 }));
  await tracking.startRuns(starts);
  for (let time = 0; time < 2; time++) {
    expect(await post("runs/log-inputs", { run_id: "a", datasets: [context("train")] })).toEqual({
      status: 200,
      body: {},
    });
  }
  await post("runs/log-inputs", { run_id: "b", datasets: [context("test")], models: [{ model_id: "m-1" }] });
  const { body } = await get("runs/get", { run_id: "b" });
  expect(body.run).toMatchObject({
    inputs: { dataset_inputs: [context("test")], model_inputs: [{ model_id: "m-1" }] },
  });
  const found = async (filter: string) => {
    const answer = await post("runs/search", { experiment_ids: ["0"], filter });
    const runs = (answer.body.runs ?? []) as { info: { run_id: string } }[];
    return runs.map(({ info }) => info.run_id);
  };
  expect(await found("dataset.name = 'numbers'")).toEqual(["a", "b"]);
  expect(await found("datasets.context = 'train' AND dataset.digest LIKE 'd_'")).toEqual(["a"]);
  expect(await found("dataset.digest IN ('d2', 'd3')")).toEqual([]);
  const summary = { experiment_id: "0", name: "numbers", digest: "d1" };
  const summaries = await post("experiments/search-datasets", { experiment_ids: ["0"] });
  expect(summaries.body.dataset_summaries).toEqual(
    expect.arrayContaining([
      { ...summary, context: "train" },
      { ...summary, context: "test" },
    ]),
  );
  const long = { ...context("x"), dataset: { ...dataset, digest: "d".repeat(37) } };
  expect((await post("runs/log-inputs", { run_id: "a", datasets: [long] })).status).toBe(400);
});

test("models that a 2.x client logs are listed in a tag, none lost when two come at once", async () => {
  const { post, tracking } = await openTestServer();
  await tracking.startRuns([{ runId: "a", experimentId: "0", name: "a", startTime: 1 }]);
  const model = (artifact_path: string) => ({
    artifact_path,
    run_id: "a",
    utc_time_created: "2024-01-01",
    flavors: { sklearn: { pickled_model: "model.pkl", config: { secret: 1 } } },
    signature: "long",
  });
  const paths = Array.from({ length: 8 }, (_, i) => `model-${i}`);
  const log = (path: string) =>
    post("runs/log-model", { run_id: "a", model_json: JSON.stringify(model(path)) });
  const answers = await Promise.all(paths.map(log));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  const tag = (await tracking.getRun("a")).tags.find(({ key }) => key === "mlflow.log-model.history");
  const history = JSON.parse(tag?.value ?? "[]") as { artifact_path: string }[];
  expect(history.map(({ artifact_path }) => artifact_path).sort()).toEqual(paths);
  expect(history[0]).toEqual({
    artifact_path: expect.any(String),
    run_id: "a",
    utc_time_created: "2024-01-01",
    flavors: { sklearn: { pickled_model: "model.pkl" } },
  });
  expect(
    (await post("runs/log-model", { run_id: "a", model_json: '{"flavors":{}}' })).body.message,
  ).toContain("Model json is missing mandatory fields");
});
