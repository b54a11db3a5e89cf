import type { Fields, Pair } from "./pair.ts";

const long = (length: number) => "v".repeat(length);
const keys = ["a", "a b:c-d.e/f_g", "é", "", "bad!", "a//b", "/a", "..", "k".repeat(250), "k".repeat(251)];

/** Experiments: made, tagged, renamed, deleted and restored, with their runs. */
export async function askOfExperiments(pair: Pair): Promise<void> {
  const tags = [{ key: "team", value: "é\n漢" }];
  const made = await pair.make("first", "experiment_id", "POST experiments/create", { name: "first", tags });
  const asks: (readonly [string, Fields?])[] = [
    ["POST experiments/create", { name: "first" }],
    ["POST experiments/create", { name: "" }],
    ["POST experiments/create", {}],
    ["POST experiments/create", { name: long(500) }],
    ["POST experiments/create", { name: long(501) }],
    ["POST experiments/create", { name: "bad tag", tags: [{ key: "bad!", value: "x" }] }],
    ["POST experiments/create", { name: "place", artifactLocation: "s3://b/k" }],
    ["POST experiments/create", { name: "long place", artifact_location: `s3://${long(2048)}` }],
    ["GET experiments/create"],
    ...["0", made, "77", "-1", "abc", "01", ""].map(
      (experiment_id) => ["GET experiments/get", { experiment_id }] as const,
    ),
    ...["place", "none", ""].map(
      (name) => ["GET experiments/get-by-name", { experiment_name: name }] as const,
    ),
    ...keys.map(
      (key) => ["POST experiments/set-experiment-tag", { experiment_id: made, key, value: "x" }] as const,
    ),
    ["POST experiments/set-experiment-tag", { experiment_id: made, key: "long", value: long(5000) }],
    ["POST experiments/delete-experiment-tag", { experiment_id: made, key: "a" }],
    ["POST experiments/delete-experiment-tag", { experiment_id: made, key: "a" }],
    ["POST experiments/update", { experiment_id: made, new_name: "second" }],
    ["POST experiments/update", { experiment_id: made }],
    ["POST experiments/restore", { experiment_id: made }],
    ["POST experiments/delete", { experiment_id: made }],
    ["POST experiments/delete", { experiment_id: made }],
    ["GET experiments/get", { experiment_id: made }],
    ["POST experiments/set-experiment-tag", { experiment_id: made, key: "a", value: "b" }],
    ["POST runs/create", { experiment_id: made, run_name: "x" }],
    ["POST experiments/update", { experiment_id: made, new_name: "third" }],
    ["POST experiments/restore", { experiment_id: made }],
    ["GET experiments/get", { experiment_id: made }],
    // Here, since only one side makes a run of it.
    ["POST runs/create", { experiment_id: made, start_time: true }],
    ["POST runs/create", { experiment_id: made, tags: [{ key: "", value: "x" }] }],
  ];
  for (const [where, fields] of asks) await pair.ask(where, fields);
}

/** A run: named, tagged, measured, ended, deleted and restored; limits at their edges. */
export async function askOfRuns(pair: Pair): Promise<void> {
  const start = { experiment_id: "0", start_time: 10 };
  const run_id = await pair.make("run", "run.info.run_id", "POST runs/create", {
    ...start,
    run_name: "r",
    tags: [{ key: "who@x!", value: "" }],
  });
  const get = () => pair.ask("GET runs/get", { run_id });
  const ask = (route: string, fields: Fields = {}) => pair.ask(`POST runs/${route}`, { run_id, ...fields });
  await pair.ask("POST runs/create", {
    ...start,
    run_name: "a",
    tags: [{ key: "mlflow.runName", value: "b" }],
  });
  await pair.ask("POST runs/create", { ...start, experiment_id: "77" });
  for (const key of keys) {
    await ask("set-tag", { key, value: "x" });
    await ask("log-parameter", { key, value: "x" });
    await ask("log-metric", { key, value: 1, timestamp: 1, step: -3 });
  }
  for (const value of ["x", "it's", ""]) await ask("log-parameter", { key: "a", value });
  for (const [key, value] of [
    ["t", long(8001)],
    ["e", ""],
    ["mlflow.runName", "by tag"],
    ["mlflow.runName", ""],
  ])
    await ask("set-tag", { key, value });
  await ask("log-parameter", { key: "p", value: long(6001) });
  for (const value of [0, 1.5, -1e308, "1.5", "NaN", "Infinity", "-Infinity"])
    await ask("log-metric", { key: "m", value, timestamp: 2, step: 1 });
  await ask("log-metric", { key: "m", value: 1, timestamp: -1 });
  await ask("log-metric", { key: "m", value: 1, timestamp: 1, dataset_name: "d" });
  for (const [status, end_time] of [
    ["FINISHED", 20],
    ["KILLED", "30"],
    ["RUNNING", 0],
  ])
    await ask("update", { status, end_time });
  await ask("update", { run_name: "renamed" });
  for (const key of ["e", "e"]) await ask("delete-tag", { key });
  const many = (count: number, more: Fields) =>
    Array.from({ length: count }, (_, i) => ({ key: `k${i}`, ...more }));
  const point = { value: 1, timestamp: 1, step: 0 };
  for (const batch of [
    {},
    { metrics: many(1000, point) },
    { metrics: many(1001, point) },
    { params: many(100, { value: "1" }) },
    { params: many(101, { value: "1" }) },
    { tags: many(101, { value: "1" }) },
    { metrics: many(901, point), tags: many(100, { value: "1" }) },
    {
      params: [
        { key: "d", value: "1" },
        { key: "d", value: "1" },
      ],
    },
    {
      params: [
        { key: "k1", value: "other" },
        { key: "k2", value: "it's" },
      ],
    },
    { metrics: [{ key: "z", ...point, timestamp: -1 }] },
  ])
    await ask("log-batch", batch);
  await pair.ask("POST runs/log-batch", { run_id: "a b" });
  const dataset = { name: "d", digest: "1", source_type: "local", source: "{}" };
  for (const value of ["train", "eval"])
    await ask("log-inputs", { datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value }] }] });
  await ask("log-inputs", { datasets: [{ dataset: { ...dataset, digest: long(37) } }] });
  await ask("outputs", { models: [] });
  await get();
  const history = (fields: Fields) =>
    pair.ask("GET metrics/get-history", { run_id, metric_key: "m", ...fields });
  await history({});
  await pair.make("page", "next_page_token", "GET metrics/get-history", {
    run_id,
    metric_key: "m",
    max_results: 3,
  });
  await history({ max_results: 3, page_token: "{{page}}" });
  await history({ max_results: 0 });
  await pair.ask("GET metrics/get-history-bulk-interval", {
    run_ids: [run_id],
    metric_key: "m",
    start_step: 3,
    end_step: 1,
  });
  await pair.ask("GET metrics/get-history-bulk-interval", { run_ids: [run_id], metric_key: "m" });
  for (const path of ["", "none", "../x"]) await pair.ask("GET artifacts/list", { run_id, path });
  await ask("delete");
  for (const [route, fields] of [
    ["set-tag", { key: "x", value: "" }],
    ["log-batch", {}],
    ["update", { status: "FAILED" }],
    ["log-inputs", { datasets: [{ dataset }] }],
    ["delete", {}],
  ] as const)
    await ask(route, fields);
  await get();
  await pair.ask("POST experiments/restore", { experiment_id: "0" });
  await get();
  for (const route of ["restore", "restore"]) await ask(route);
  for (const route of ["delete", "restore"]) await pair.ask(`POST runs/${route}`, { run_id: "0".repeat(32) });
  await get();
}
