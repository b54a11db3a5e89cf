export { findWorstSlices, type WorstSlice, type WorstSlices } from "./search/find-worst-slices.ts";
export type { WorstSlicesOptions } from "./search/slice-options.ts";
export { encodeFeatures } from "./table/encode-features.ts";
export type { SliceTableOptions } from "./table/feature-plan.ts";
export { describeSlice, type SliceCondition } from "./table/slice-condition.ts";
export type { SliceFeature, SliceTable } from "./table/slice-table.ts";
