export type { ModelRoles } from "./answers/model-roles.ts";
export { batchOf, type ColumnValues } from "./batch/batch-of.ts";
export { checkBatch } from "./batch/check-batch.ts";
export type {
  BooleanColumn,
  Column,
  ColumnKind,
  NumberColumn,
  TensorColumn,
  TextColumn,
  TimeColumn,
} from "./batch/column.ts";
export { type ColumnBatch, columnOf } from "./batch/column-batch.ts";
export { concatBatches } from "./batch/concat-batches.ts";
export { isoTime } from "./batch/iso-time.ts";
export { takeRows } from "./batch/take-rows.ts";
export { toMatrix } from "./batch/to-matrix.ts";
export { countValid, isValid, noneValid, setValid, type Validity } from "./batch/validity.ts";
export type { BuiltIn } from "./checker/built-in.ts";
export { BUILT_INS } from "./checker/built-ins.ts";
export { checkContext } from "./checker/check-context.ts";
export type { CheckContext, Checker, Dataset, PredictRows } from "./checker/checker.ts";
export { type BatchSource, datasetOf, datasetOfProfile } from "./checker/dataset-of.ts";
export { gatherRows } from "./checker/dataset-rows.ts";
export { checkDrift } from "./drift/check-drift.ts";
export { driftChecker } from "./drift/drift-checker.ts";
export type { DriftOptions } from "./drift/drift-options.ts";
export type { DriftProblem } from "./drift/drift-problem.ts";
export type { DriftTest } from "./drift/drift-tests.ts";
export type {
  DriftBasis,
  DriftEvidence,
  DriftMethod,
  DriftVerdict,
  MissingEvidence,
} from "./drift/drift-verdict.ts";
export type { WindowColumns } from "./drift/window-profile.ts";
export { CHECKS_ERRORS, ChecksError, type ChecksErrorCode } from "./errors.ts";
export type {
  BarsFigure,
  Figure,
  GridFigure,
  HistogramFigure,
  ImagesFigure,
  LinesFigure,
  TableFigure,
} from "./figure/figure.ts";
export { type RenderFigureOptions, renderFigure } from "./figure/render-figure.ts";
export type { JsonObject, JsonValue } from "./json/json.ts";
export type { Matrix } from "./maths/matrix.ts";
export type { CategoryCounts } from "./profile/category-counts.ts";
export type {
  BooleanProfile,
  ColumnProfile,
  NumberProfile,
  NumberSummary,
  TensorProfile,
  TextProfile,
  TimeProfile,
} from "./profile/column-profile.ts";
export type { DistinctSketch } from "./profile/distinct-sketch.ts";
export { countInBins, type Histogram } from "./profile/histogram.ts";
export { mergeProfiles } from "./profile/merge-profiles.ts";
export { describeMoments, type Moments, type Shape } from "./profile/moments.ts";
export { parseProfile } from "./profile/parse-profile.ts";
export { pickColumns } from "./profile/pick-columns.ts";
export type { Profile } from "./profile/profile.ts";
export { profileColumns } from "./profile/profile-columns.ts";
export type { ProfileOptions } from "./profile/profile-options.ts";
export { columnProfile, type DistinctCount, distinctCount, sampleValues } from "./profile/profile-parts.ts";
export { createProfiler, type Profiler } from "./profile/profiler.ts";
export { quantile, quantileError, type WeightedValue, weightedValues } from "./profile/quantile.ts";
export type { QuantileSketch } from "./profile/quantile-sketch.ts";
export type { RowSample, SampleColumn, SpecialNumber } from "./profile/row-sample.ts";
export { sampleBatch } from "./profile/sample-columns.ts";
export type { Segment, Segmentation, SegmentColumn } from "./profile/segmentation.ts";
export type { ValueCounts } from "./profile/value-counts.ts";
export { adjustPValues, type Correction } from "./statistics/adjust-p-values.ts";
export { type KsOptions, type KsResult, ksTwoSample } from "./statistics/ks.ts";
export { gravest, gravity, STATUSES } from "./verdict/gravity.ts";
export { parseVerdict } from "./verdict/parse-verdict.ts";
export type { Verdict, VerdictKind, VerdictStatus } from "./verdict/verdict.ts";
