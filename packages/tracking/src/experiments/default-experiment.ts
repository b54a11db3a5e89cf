import type { Statement } from "../store/index.ts";

/** Clients that name no experiment use number 0. */
export function addDefaultExperiment(nowMs: number): Statement {
  return {
    sql: `INSERT INTO tracking_experiments (id, name, artifact_location, lifecycle, created_ms, updated_ms)
      VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', ?, ?) ON CONFLICT DO NOTHING`,
    params: [nowMs, nowMs],
  };
}
