import type { Context, KeyValue } from "../context.ts";
import { experimentMissing, parseExperimentId } from "../experiments/experiment.ts";
import { below } from "../locations/root.ts";
import { invalid } from "../refusal.ts";
import { type SqlValue, type Statement, StoreRefusal } from "../store/index.ts";
import { limits, truncate } from "../validation/limits.ts";
import { checkKey, checkLength, checkRunId } from "../validation/names.ts";
import { runNameTag } from "./log-batch.ts";
import type { RunStatus } from "./run.ts";
import type { IndexRow, RunContext } from "./run-index.ts";

/** A run to be started. Times are in milliseconds since 1970. */
export interface RunStart {
  /** 1 to 256 letters, digits, `-` and `_`, beginning with a letter or digit. */
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly startTime: number;
  readonly userId?: string;
  readonly tags?: readonly KeyValue[];
  readonly params?: readonly KeyValue[];
  /** Makes the run a nested one. */
  readonly parentRunId?: string;
}

export interface RunEnd {
  readonly runId: string;
  readonly status: RunStatus;
  readonly endTime: number;
}

const closedExperiment = "experiment-not-active";

/** Starts runs, all or none; rows that are there already are left as they are, so it may be repeated. */
export async function startRuns({ store, index }: RunContext, starts: readonly RunStart[]): Promise<void> {
  if (starts.length === 0) return;
  const tags = starts.map(tagsOf);
  for (const { runId, params = [] } of starts) {
    checkRunId(runId);
    for (const { key } of params) checkKey(key, "key", "Param key");
  }
  // Tags that a run begins with may have any key, unlike those set later.
  for (const { key } of tags.flat()) checkLength(key, limits.key, "key");
  const unit: Statement[] = [
    {
      sql: `SELECT asked.id, e.lifecycle FROM (SELECT CAST(? AS INTEGER) AS id, CAST(? AS TEXT) AS run_id) asked
        LEFT JOIN tracking_experiments e ON e.id = asked.id
        WHERE (e.lifecycle IS NULL OR e.lifecycle <> 'active')
          AND NOT EXISTS (SELECT 1 FROM tracking_runs WHERE run_id = asked.run_id)`,
      rows: starts.map(({ experimentId, runId }) => [parseExperimentId(experimentId), runId]),
      refuse: closedExperiment,
    },
    {
      sql: `INSERT INTO tracking_runs
          (run_id, experiment, name, user_id, status, start_ms, lifecycle, artifact_uri)
        SELECT ?, id, ?, ?, 'RUNNING', ?, 'active', RTRIM(artifact_location, '/') || ?
        FROM tracking_experiments WHERE id = ? ON CONFLICT (run_id) DO NOTHING
        RETURNING id, run_id, experiment, artifact_uri`,
      rows: starts.map(({ runId, name, userId = "", startTime, experimentId }) => [
        runId,
        name,
        userId,
        startTime,
        below("", runId, "artifacts"),
        parseExperimentId(experimentId),
      ]),
    },
    ...addPairs("tracking_tags", limits.runTagValue, tagsOf, starts),
    ...addPairs("tracking_params", limits.paramValue, ({ params = [] }) => params, starts),
  ];
  try {
    const [, made] = await store.write(unit);
    index.made((made?.rows ?? []) as unknown as IndexRow[]);
  } catch (error) {
    throw explainExperiment(error);
  }
}

/**
 * Statements that add each run's pairs of key and value: one execution a run, however many it has. Runs with equally
 * many share a statement.
 */
function addPairs(
  table: "tracking_tags" | "tracking_params",
  longest: number,
  pairsOf: (start: RunStart) => readonly KeyValue[],
  starts: readonly RunStart[],
): Statement[] {
  const rowsBySize = new Map<number, SqlValue[][]>();
  for (const start of starts) {
    const pairs = pairsOf(start);
    if (pairs.length === 0) continue;
    const row = [...pairs.flatMap(({ key, value }) => [key, truncate(value, longest)]), start.runId];
    const rows = rowsBySize.get(pairs.length);
    if (rows) rows.push(row);
    else rowsBySize.set(pairs.length, [row]);
  }
  return [...rowsBySize].map(([size, rows]) => ({
    sql: `INSERT INTO ${table} (run, key, value)
      SELECT r.id, pair.column1, pair.column2
      FROM (VALUES ${Array.from({ length: size }, () => "(?, ?)").join(", ")}) AS pair
      CROSS JOIN tracking_runs r WHERE r.run_id = ? ON CONFLICT DO NOTHING`,
    rows,
  }));
}

/** Ends runs; ending one again sets the same values, and a run that is gone stays gone. */
export async function endRuns({ store }: Context, ends: readonly RunEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const rows = ends.map(({ runId, status, endTime }) => [status, endTime, runId]);
  await store.write([{ sql: "UPDATE tracking_runs SET status = ?, end_ms = ? WHERE run_id = ?", rows }]);
}

function tagsOf({ name, tags = [], parentRunId }: RunStart): KeyValue[] {
  const own = tags.filter(({ key }) => key !== runNameTag);
  const parent = parentRunId === undefined ? [] : [{ key: "mlflow.parentRunId", value: parentRunId }];
  return [...own, ...parent, { key: runNameTag, value: name }];
}

function explainExperiment(error: unknown): unknown {
  if (!(error instanceof StoreRefusal) || error.tag !== closedExperiment) return error;
  const { id, lifecycle } = error.rows[0] ?? {};
  if (lifecycle === null) return experimentMissing(String(id));
  return invalid(`The experiment ${id} must be in the 'active' state. Current state is ${lifecycle}.`);
}
