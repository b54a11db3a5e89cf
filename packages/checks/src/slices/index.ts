export { fairnessChecker } from "./checker/fairness-checker.ts";
export { type LossName, rowLosses } from "./checker/row-losses.ts";
export { slicesChecker } from "./checker/slices-checker.ts";
export {
  type GapMeasure,
  type GroupGap,
  type GroupGaps,
  type GroupGapsOptions,
  type GroupRates,
  groupGaps,
} from "./groups/group-gaps.ts";
export { type RowGroups, rowGroups } from "./groups/row-groups.ts";
export { type ErrorLeaf, type ErrorTreeOptions, growErrorTree } from "./search/error-tree.ts";
export { findWorstSlices, type WorstSlice, type WorstSlices } from "./search/find-worst-slices.ts";
export type { WorstSlicesOptions } from "./search/slice-options.ts";
export { encodeFeatures } from "./table/encode-features.ts";
export type { SliceTableOptions } from "./table/feature-plan.ts";
export { describeSlice, type SliceCondition } from "./table/slice-condition.ts";
export type { SliceFeature, SliceTable } from "./table/slice-table.ts";
export { takeTable } from "./table/take-table.ts";
