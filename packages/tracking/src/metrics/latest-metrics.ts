import type { RunContext } from "../runs/run-index.ts";
import { fromStored } from "./metric.ts";

interface LatestRow {
  readonly run_id: string;
  readonly key: string;
  readonly value: number;
  readonly is_nan: number;
}

/** The latest value of every metric of each run; a run without metrics, or that is not there, has none. */
export async function latestMetrics(
  { store, index }: RunContext,
  runIds: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const latest = new Map<string, Record<string, number>>(runIds.map((runId) => [runId, {}]));
  const asked = runIds.filter((runId) => !index.isSilent(runId));
  for (let from = 0; from < asked.length; from += 1000) {
    const some = asked.slice(from, from + 1000);
    const rows = await store.read<LatestRow>(
      `SELECT r.run_id, m.key, m.value, m.is_nan FROM tracking_runs r
        JOIN tracking_latest_metrics m ON m.run = r.id
        WHERE r.run_id IN (${some.map(() => "?").join(", ")}) ORDER BY m.run, m.key`,
      some,
    );
    for (const { run_id, key, value, is_nan } of rows) {
      const values = latest.get(run_id);
      if (values) values[key] = fromStored(value, is_nan);
    }
  }
  return latest;
}
