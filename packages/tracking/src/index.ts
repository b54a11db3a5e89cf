export { type Access, openAccess, type User } from "./access/access.ts";
export { guardAccess } from "./access/guard-access.ts";
export { guardHosts } from "./access/guard-hosts.ts";
export { strangeness } from "./access/host.ts";
export { recordAudit } from "./access/record-audit.ts";
export { type Role, roles } from "./access/role.ts";
export type { KeyValue } from "./context.ts";
export { TrackingError, type TrackingErrorCode, trackingErrorCodes } from "./errors.ts";
export type { RunArtifact } from "./locations/run-artifacts.ts";
export type { Metric } from "./metrics/metric.ts";
export type { HeldFile, Holder } from "./provenance/held-files.ts";
export type { ModelOrigin } from "./provenance/model-origin.ts";
export {
  collectTrackerGarbage,
  type TrackerGarbage,
  type TrackerGarbageOptions,
} from "./purge/collect-tracker-garbage.ts";
export { type Purged, purge } from "./purge/purge.ts";
export { type PreparedPurge, type PurgeReport, preparePurge, purgeByName } from "./purge/purge-by-name.ts";
export type { PurgeTarget } from "./purge/purge-target.ts";
export type { Hold, Kept } from "./purge/spare-registered.ts";
export type { Registration } from "./registry/register-version.ts";
export type { VersionOfRun } from "./registry/versions-of-runs.ts";
export { trackingRoutes } from "./routes/tracking-routes.ts";
export type { CopiedParams } from "./runs/keep-params.ts";
export type { Batch } from "./runs/log-batch.ts";
export type { DatasetInput, Lifecycle, Run, RunInfo, RunStatus } from "./runs/run.ts";
export type { RunEnd, RunStart } from "./runs/start-runs.ts";
export { trackingMigrations } from "./schema/tracking-tables.ts";
export { openTracking, type RunBatch, type Tracking, type TrackingOptions } from "./tracking.ts";
