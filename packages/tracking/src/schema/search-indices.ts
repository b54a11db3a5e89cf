import type { Migration } from "../store/index.ts";

/** Makes the index by which runs are searched hold all that a comparison asks, so that counting reads nothing else. */
export const searchIndices: Migration = {
  room: "tracking",
  id: "009-search",
  up: [
    `DROP INDEX tracking_latest_metrics_by_value`,
    `CREATE INDEX tracking_latest_metrics_by_value ON tracking_latest_metrics (key, value, is_nan, run)`,
  ],
};
