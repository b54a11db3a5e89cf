export { collectGarbage } from "./collect-garbage.ts";
export { ownTrackers } from "./own-trackers.ts";
export { type PackedArchive, pack, refuseTaken } from "./pack/pack.ts";
export { unpack } from "./pack/unpack.ts";
export { purgeTracker } from "./purge-tracker.ts";
export { type Comparison, compareRuns } from "./reproduce/compare-runs.ts";
export { reproduceRun } from "./reproduce/reproduce-run.ts";
export { wipe } from "./wipe.ts";
