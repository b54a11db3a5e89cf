export type { Answers, ClassAnswers, ValueAnswers } from "../answers/answers.ts";
export { type ModelRoles, roleColumns } from "../answers/model-roles.ts";
export { labelled, readAnswers, takeAnswers } from "../answers/read-answers.ts";
export type { Estimate, IntervalMethod } from "../statistics/interval/estimate.ts";
export { type Calibrator, fitIsotonic } from "./calibration/isotonic.ts";
export {
  type Calibration,
  type CalibrationOptions,
  measureCalibration,
  type ReliabilityBin,
} from "./calibration/measure-calibration.ts";
export { fitPlatt } from "./calibration/platt.ts";
export { calibrationChecker } from "./checker/calibration-checker.ts";
export { estimatedPerformanceChecker } from "./checker/estimated-performance-checker.ts";
export { performanceChecker } from "./checker/performance-checker.ts";
export { predictionDriftChecker } from "./checker/prediction-drift-checker.ts";
export { skewChecker } from "./checker/skew-checker.ts";
export { type Confusion, confusionMatrix } from "./classification/confusion.ts";
export {
  averagePrecision,
  type PrecisionRecallPoint,
  precisionRecallCurve,
} from "./classification/precision-recall.ts";
export { type Ranking, rankScores } from "./classification/ranking.ts";
export { type RocPoint, rocAuc, rocCurve } from "./classification/roc.ts";
export { type CalibrationMethod, fitCalibration, type MendAnswers } from "./estimate/calibrate-answers.ts";
export { type EstimatedPerformance, estimatePerformance } from "./estimate/estimate-performance.ts";
export {
  confusionFigure,
  metricsFigure,
  type Named,
  precisionRecallFigure,
  reliabilityFigure,
  rocFigure,
} from "./figure/performance-figures.ts";
export { aucEstimate } from "./interval/auc-interval.ts";
export { createPerformanceMeter, measurePerformance, type PerformanceMeter } from "./measure-performance.ts";
export type { PerformanceOptions } from "./performance-options.ts";
export type {
  ClassMetric,
  ClassPerformance,
  ClassReport,
  Metric,
  Performance,
  ValueMetric,
  ValuePerformance,
} from "./performance-report.ts";
