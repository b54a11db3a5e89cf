import { invalid } from "../refusal.ts";
import { type Statement, StoreRefusal } from "../store/index.ts";
import { type RunEntry, type RunIndex, runMissing } from "./run-index.ts";

const tag = "run-not-active";

/** A guard: the run is still there, still the same one, and active. */
export function activeRun(entry: RunEntry): Statement {
  return {
    sql: `SELECT asked.run_id, r.lifecycle FROM (SELECT CAST(? AS TEXT) AS run_id) asked
      LEFT JOIN tracking_runs r ON r.run_id = asked.run_id AND r.id = ?
      WHERE r.lifecycle IS NULL OR r.lifecycle <> 'active'`,
    params: [entry.runId, entry.id],
    refuse: tag,
  };
}

/** Turns the guard's refusal into the protocol's answer; gives every other error back as it is. */
export function explainInactive(error: unknown, index: RunIndex): unknown {
  if (!(error instanceof StoreRefusal) || error.tag !== tag) return error;
  const { run_id: runId, lifecycle } = error.rows[0] ?? {};
  index.forget([String(runId)]);
  if (lifecycle === null) return runMissing(String(runId));
  return invalid(`The run ${runId} must be in the 'active' state. Current state is ${lifecycle}.`);
}
