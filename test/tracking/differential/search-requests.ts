import type { Pair } from "./pair.ts";

const filters = `
metrics.m > 2
metrics.m >= 2 AND metrics.m < 1e3
metrics.m != 2
metrics.\`m/x y\` <= 3
metrics.m > 'x'
metrics.m = 1 OR metrics.m = 2
params.p = '1'
params.p != '1'
params.p LIKE '1%'
params.p ILIKE '1%'
params.p IS NULL
params.\`long name\` = 'é'
params.p = 'it''s'
params.p > '1'
params.p = 1
tags.even = "no"
tags.even ILIKE 'yes'
tags.even LIKE 'yes'
tags.a.b = 'x1'
tags."a.b" IS NOT NULL
run_name LIKE 'run%'
attributes.\`Run name\` = 'run 0'
run_id IN ('{{searched-0}}', '{{searched-1}}')
run_id NOT IN ('{{searched-0}}')
run_id IN ()
status != 'FINISHED'
start_time > 1003
end_time IS NULL
user_id = 'ann'
artifact_uri LIKE 'mlflow-artifacts:%'
dataset.name = 'd0'
dataset.context = 'train'
dataset.bogus = 'x'
bogus.x = 'x'
lifecycle_stage = 'active'
metrics.m > 1; metrics.m > 2
params.p = 'a AND b'
metrics.m > 1 AND params.p != '3' AND tags.even = 'no'`;

const orders = `
metrics.m, start_time
metrics.m DESC, start_time
metrics.none, start_time
params.p DESC, start_time
tags.even, start_time
end_time DESC, start_time
status, start_time
run_name DESC
Created
bogus
metrics
start_time, start_time`;

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** Twelve runs of many kinds, and what is found of them. */
export async function askForRuns(pair: Pair): Promise<void> {
  const id = await pair.make("search", "experiment_id", "POST experiments/create", { name: "search" });
  const states = ["RUNNING", "FINISHED", "FAILED", "KILLED", "SCHEDULED"];
  const odd = new Map<number, string>([
    [5, "NaN"],
    [6, "Infinity"],
    [7, "-Infinity"],
  ]);
  for (let i = 0; i < 12; i++) {
    const tags = [
      { key: "even", value: i % 2 ? "no" : "Yes" },
      ...(i % 3 ? [{ key: "a.b", value: `x${i}` }] : []),
    ];
    const start = {
      experiment_id: id,
      start_time: 1000 + ((i * 7) % 12),
      run_name: `run ${i}`,
      user_id: i % 2 ? "ann" : "bob",
      tags,
    };
    const run_id = await pair.make(`searched-${i}`, "run.info.run_id", "POST runs/create", start);
    await pair.ask("POST runs/update", {
      run_id,
      status: states[i % 5],
      ...(i % 3 ? { end_time: 2000 + i } : {}),
    });
    if (i === 2) continue;
    const point = { timestamp: 1, step: 0 };
    const metrics = [
      { key: "m", value: odd.get(i) ?? (i * 5) % 7, ...point },
      { key: "m/x y", value: i, ...point },
    ];
    await pair.ask("POST runs/log-batch", {
      run_id,
      params: [
        { key: "p", value: String(i) },
        { key: "long name", value: "é" },
      ],
      metrics,
    });
    const dataset = { name: `d${i % 3}`, digest: "1", source_type: "s", source: "s" };
    if (i % 4 === 0)
      await pair.ask("POST runs/log-inputs", {
        run_id,
        datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value: i % 8 ? "train" : "eval" }] }],
      });
    if (i === 3) await pair.ask("POST runs/delete", { run_id });
  }
  const search = (fields: object) =>
    pair.ask("POST runs/search", { experiment_ids: [id], order_by: ["start_time"], ...fields });
  for (const filter of lines(filters)) await search({ filter });
  for (const order of lines(orders)) await search({ order_by: order.split(", ") });
  for (const run_view_type of ["ALL", "DELETED_ONLY"]) await search({ run_view_type });
  for (const max_results of [0, 50_000, 50_001]) await search({ max_results });
  for (const experiment_ids of [[], ["77"], [id, "0"]])
    await search({ experiment_ids, filter: "tags.even = 'no'" });
  await pair.make("runs-page", "next_page_token", "POST runs/search", {
    experiment_ids: [id],
    order_by: ["start_time"],
    max_results: 3,
  });
  await search({ max_results: 3, page_token: "{{runs-page}}" });
  for (const filter of [
    "name LIKE 's%'",
    "name ILIKE 'S%'",
    "tags.none IS NULL AND name = 'search'",
    "experiment_id IN ('0')",
    "name > 'a'",
  ]) {
    await pair.ask("POST experiments/search", { max_results: 5, filter });
  }
}
