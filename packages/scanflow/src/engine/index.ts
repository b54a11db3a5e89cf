export { ActiveRun } from "./active-run.ts";
export { changedParts } from "./cache-key.ts";
export { clusterCapacity, readDevice, wholeDevice } from "./device.ts";
export { Engine, type EngineOptions, type LogLine, type StartOptions } from "./engine.ts";
export { hasEnded } from "./has-ended.ts";
export { engineMigrations, Journal, type RunRow } from "./journal.ts";
export { type OwnerLock, takeLock } from "./owner-lock.ts";
export type { Rest } from "./resting.ts";
export { newRunId } from "./run-id.ts";
export type { Content } from "./scheduler/output.ts";
export { Scheduler } from "./scheduler/scheduler.ts";
export { keepHeapSmall } from "./small-heap.ts";
export { applicationState, type StateFolder, stateFolder } from "./state-folder.ts";
export {
  experimentName,
  groupRunId,
  type OpenTracker,
  type TrackerDirectory,
  trackerRunId,
} from "./tracker-runs.ts";
