import type { Tracking } from "../tracking.ts";

/**
 * What a ledger of runs needs of a tracker, in this process or behind a URL. Each method may be called again with the
 * same arguments without effect; what is called in the same tick is carried out in that order.
 */
export type LedgerTracking = Pick<
  Tracking,
  | "ensureExperiment"
  | "startRuns"
  | "endRuns"
  | "logBatch"
  | "logBatches"
  | "keepParams"
  | "copyParams"
  | "latestMetrics"
  | "addArtifacts"
  | "registerVersion"
  | "versionsOfRuns"
>;
