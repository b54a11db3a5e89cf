import { type Chance, goodKeys, keys, type Operation, values } from "./chance.ts";
import type { Fields } from "./pair.ts";

const numbers = [0, 1, -1, 2.5, 1e300, "NaN", "Infinity", "-Infinity", "3"];
const statuses = ["RUNNING", "FINISHED", "FAILED", "KILLED", "SCHEDULED"];
const views = ["ALL", "ACTIVE_ONLY", "DELETED_ONLY"];
const orders = [
  "metrics.a",
  "metrics.a DESC",
  "params.a",
  "tags.a DESC",
  "status",
  "end_time DESC",
  "run_name",
];
const filters = [
  "",
  "metrics.a > 0",
  "metrics.`k/v` <= 1 AND metrics.a != 2.5",
  "params.a = '1'",
  "params.b LIKE '%0%'",
  "params.a ILIKE 'YES'",
  "params.b IS NULL",
  "tags.a != '1'",
  "tags.`mlflow.user` IS NOT NULL",
  "run_name LIKE 'run-%'",
  "status = 'FINISHED' AND tags.a = 'yes'",
  "start_time > 100040",
  "metrics.a > 0 AND params.a != '' AND tags.b ILIKE '%A%'",
];

/** What may be asked of experiments and runs. */
export function trackingOperations(chance: Chance): readonly Operation[] {
  const experiments = ["0"];
  const runs: string[] = [];
  const ask = (where: string, fields: () => Fields) => () => chance.ask(where, fields());
  const experiment_id = () => chance.known(experiments, "4711");
  const run_id = () => chance.known(runs, "0".repeat(32));
  const tags = () => chance.some(() => chance.keyValue(), 1);
  const metric = () => ({
    key: chance.one(goodKeys),
    value: chance.one(numbers),
    timestamp: chance.below(3),
    step: chance.below(5) - 2,
  });
  const dataset = () => ({
    name: chance.one(["d", "e"]),
    digest: chance.one(["1", "2"]),
    source_type: "local",
    source: "{}",
  });

  async function makeExperiment() {
    const name = chance.name("exp");
    experiments.push(
      await chance.make(name, "experiment_id", "POST experiments/create", { name, tags: tags() }),
    );
  }

  async function makeRun() {
    const at = chance.one(experiments);
    const { body } = await chance.ask("GET experiments/get", { experiment_id: at });
    const start = {
      experiment_id: at,
      start_time: 100_000 + runs.length * 10,
      user_id: chance.one(["", "ann"]),
    };
    const isActive = (body as { experiment: Fields }).experiment.lifecycle_stage === "active";
    if (!isActive) return chance.ask("POST runs/create", { ...start, run_name: "refused" });
    const run_name = chance.name("run");
    const create = { ...start, run_name, tags: tags() };
    return runs.push(await chance.make(run_name, "run.info.run_id", "POST runs/create", create));
  }

  const tag = () => ({ key: chance.one(keys), value: chance.one(values) });
  return [
    [3, makeExperiment],
    [8, makeRun],
    [
      1,
      ask("POST experiments/delete", () => ({ experiment_id: chance.known(experiments.slice(1), "4711") })),
    ],
    [2, ask("POST experiments/restore", () => ({ experiment_id: experiment_id() }))],
    [1, ask("POST experiments/set-experiment-tag", () => ({ experiment_id: experiment_id(), ...tag() }))],
    [
      1,
      ask("POST experiments/delete-experiment-tag", () => ({
        experiment_id: experiment_id(),
        key: chance.one(goodKeys),
      })),
    ],
    [
      2,
      ask("POST experiments/search", () => ({
        max_results: 50,
        order_by: ["experiment_id"],
        view_type: chance.one(views),
        filter: chance.one(["", "name LIKE 'exp-%'", "tags.a = '1'", "tags.b LIKE '%'"]),
      })),
    ],
    [8, ask("POST runs/log-metric", () => ({ run_id: run_id(), ...metric(), key: chance.one(keys) }))],
    [8, ask("POST runs/log-parameter", () => ({ run_id: run_id(), ...tag() }))],
    [8, ask("POST runs/set-tag", () => ({ run_id: run_id(), ...tag() }))],
    [3, ask("POST runs/delete-tag", () => ({ run_id: run_id(), key: chance.one(goodKeys) }))],
    [
      8,
      ask("POST runs/log-batch", () => ({
        run_id: run_id(),
        metrics: chance.some(metric),
        params: chance.some(() => chance.keyValue()),
        tags: chance.some(() => chance.keyValue()),
      })),
    ],
    [
      4,
      ask("POST runs/update", () => ({
        run_id: run_id(),
        status: chance.one(statuses),
        ...(chance.often(0.5) ? { end_time: 1 + chance.below(100) } : {}),
        ...(chance.often(0.3) ? { run_name: chance.name("run") } : {}),
      })),
    ],
    [2, ask("POST runs/delete", () => ({ run_id: run_id() }))],
    [3, ask("POST runs/restore", () => ({ run_id: run_id() }))],
    [
      2,
      ask("POST runs/log-inputs", () => ({
        run_id: run_id(),
        datasets: [{ dataset: dataset(), tags: tags() }],
      })),
    ],
    [8, ask("GET runs/get", () => ({ run_id: run_id() }))],
    [
      4,
      async () =>
        runs.length > 0 &&
        chance.ask("GET metrics/get-history", {
          run_id: chance.one(runs),
          metric_key: chance.one(goodKeys),
          ...(chance.often(0.5) ? { max_results: 1 + chance.below(3) } : {}),
        }),
    ],
    [
      8,
      ask("POST runs/search", () => ({
        experiment_ids: experiments,
        filter: chance.one(filters),
        order_by: [...chance.some(() => chance.one(orders), 1), "start_time"],
        run_view_type: chance.one(views),
        max_results: 1 + chance.below(20),
      })),
    ],
  ];
}
