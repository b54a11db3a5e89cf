export { adjustPValues, type Correction } from "./adjust-p-values.ts";
export { type CountTestResult, chiSquareTest, gTest } from "./chi-square-test.ts";
export { type ClassifierTestResult, classifierTest } from "./classifier-test.ts";
export type { Counts } from "./distance/count-distances.ts";
export { type CountDistanceName, measureCounts } from "./distance/measure-counts.ts";
export { measureValues, type ValueDistanceName } from "./distance/measure-values.ts";
export { type FisherResult, fisherExact } from "./fisher-exact.ts";
export type { Estimate, IntervalMethod } from "./interval/estimate.ts";
export { wilson } from "./interval/share-interval.ts";
export { shareDifference, shareRatio } from "./interval/two-shares.ts";
export { type KsOptions, type KsResult, ksPValue, ksTwoSample } from "./ks.ts";
export { type MmdOptions, type MmdResult, mmd } from "./mmd.ts";
export { isPValue, pValueText } from "./p-value-text.ts";
export { type PermutationOptions, type PermutationResult, permutationTest } from "./permutation-test.ts";
export { type ProportionsResult, proportionsTest } from "./proportions-test.ts";
export {
  type ReconstructionOptions,
  type ReconstructionResult,
  reconstructionTest,
} from "./reconstruction-test.ts";
export type { Share } from "./share.ts";
