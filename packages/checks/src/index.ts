export { batchOf, type ColumnValues } from "./batch/batch-of.ts";
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
export { countValid, isValid, noneValid, setValid, type Validity } from "./batch/validity.ts";
export type { CheckContext, Checker, Dataset } from "./checker/checker.ts";
export { checkDrift } from "./drift/check-drift.ts";
export type { DriftOptions } from "./drift/drift-options.ts";
export type { DriftProblem } from "./drift/drift-problem.ts";
export type { DriftEvidence, DriftVerdict } from "./drift/drift-verdict.ts";
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
export type { JsonObject, JsonValue } from "./json/json.ts";
export type { Matrix } from "./maths/matrix.ts";
export { countInBins } from "./profile/histogram.ts";
export { parseProfile } from "./profile/parse-profile.ts";
export type {
  ColumnProfile,
  Histogram,
  NumericColumn,
  NumericColumns,
  Profile,
  Reservoir,
} from "./profile/profile.ts";
export { type ProfileOptions, profileColumns } from "./profile/profile-columns.ts";
export { adjustPValues, type Correction } from "./statistics/adjust-p-values.ts";
export { type KsOptions, type KsResult, ksTwoSample } from "./statistics/ks.ts";
export { parseVerdict } from "./verdict/parse-verdict.ts";
export type { Verdict, VerdictKind, VerdictStatus } from "./verdict/verdict.ts";
