import type { Migration } from "../store/index.ts";

export const searchIndices: readonly Migration[] = [
  // Makes the index by which runs are searched hold all that a comparison asks, so that counting reads nothing else.
  {
    room: "tracking",
    id: "009-search",
    up: [
      `DROP INDEX tracking_latest_metrics_by_value`,
      `CREATE INDEX tracking_latest_metrics_by_value ON tracking_latest_metrics (key, value, is_nan, run)`,
    ],
  },
  // Finds and orders runs by params, tags and status. PostgreSQL refuses an entry that is larger than a third of a page,
  // so long values have an index of their own, which holds no more than their keys.
  {
    room: "tracking",
    id: "010-values",
    up: ["params", "tags"]
      .flatMap((table) => [
        `CREATE INDEX tracking_${table}_by_value ON tracking_${table} (key, value, run) WHERE LENGTH(value) <= 100`,
        `CREATE INDEX tracking_${table}_long ON tracking_${table} (key, run) WHERE LENGTH(value) > 100`,
      ])
      .concat(`CREATE INDEX tracking_runs_by_status ON tracking_runs (experiment, status)`),
  },
];
