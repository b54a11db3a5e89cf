export { collectGarbage, type Garbage, type GarbageOptions } from "./collect-garbage.ts";
export { type PackedArchive, type PackOptions, pack } from "./pack/pack.ts";
export { type Unpacked, type UnpackOptions, unpack } from "./pack/unpack.ts";
export {
  type Comparison,
  compareRuns,
  type Difference,
  type TaskComparison,
} from "./reproduce/compare-runs.ts";
export { type Reproduction, reproduceRun } from "./reproduce/reproduce-run.ts";
export { type Wiped, type WipeOptions, wipe } from "./wipe.ts";
