import type { KeyValue } from "../context.ts";
import type { Metric } from "../metrics/metric.ts";

export const runStatuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;
export type RunStatus = (typeof runStatuses)[number];

export type Lifecycle = "active" | "deleted";
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

/** Times are in milliseconds since 1970. */
export interface RunInfo {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly userId: string;
  readonly status: RunStatus;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly artifactUri: string;
  readonly lifecycle: Lifecycle;
}

export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema: string | undefined;
  readonly profile: string | undefined;
  readonly tags: readonly KeyValue[];
}

export interface Run {
  readonly info: RunInfo;
  /** The latest point of each metric, by key. */
  readonly metrics: readonly Metric[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly datasets: readonly DatasetInput[];
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly { readonly modelId: string; readonly step: number }[];
}

/** A row of `tracking_runs`. */
export interface RunRow {
  readonly id: number;
  readonly run_id: string;
  readonly experiment: number;
  readonly name: string;
  readonly user_id: string;
  readonly status: RunStatus;
  readonly start_ms: number | null;
  readonly end_ms: number | null;
  readonly lifecycle: Lifecycle;
  readonly artifact_uri: string;
}

export const runColumns =
  "r.id, r.run_id, r.experiment, r.name, r.user_id, r.status, r.start_ms, r.end_ms, r.lifecycle, r.artifact_uri";

export function toRunInfo(row: RunRow): RunInfo {
  return {
    runId: row.run_id,
    experimentId: String(row.experiment),
    name: row.name,
    userId: row.user_id,
    status: row.status,
    startTime: row.start_ms ?? undefined,
    endTime: row.end_ms ?? undefined,
    artifactUri: row.artifact_uri,
    lifecycle: row.lifecycle,
  };
}
