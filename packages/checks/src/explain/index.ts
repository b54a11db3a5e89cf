export type { Signal } from "../signal.ts";
export type { Attributions } from "./attributions.ts";
export { accumulatedLocalEffects, type LocalEffects } from "./dependence/accumulated-local-effects.ts";
export {
  type PartialDependence,
  type PartialDependenceOptions,
  partialDependence,
} from "./dependence/partial-dependence.ts";
export type { ColumnChange, PartChange } from "./drift/column-change.ts";
export type { ExampleRow } from "./drift/example-rows.ts";
export {
  type DriftExplanation,
  type ExplainDriftOptions,
  explainDrift,
  withExplanation,
} from "./drift/explain-drift.ts";
export {
  explainPredictionDrift,
  type FeatureShift,
  type PredictionDriftExplanation,
  type PredictionDriftOptions,
} from "./drift/explain-prediction-drift.ts";
export { explainedDrift } from "./drift/explained-drift.ts";
export {
  type AttributionFigureOptions,
  importanceFigure,
  meanMagnitudes,
  permutationFigure,
  type RowOfFigure,
  rowFigure,
  summaryFigure,
} from "./figure/attribution-figures.ts";
export { dependenceFigure, localEffectsFigure } from "./figure/dependence-figure.ts";
export { type ImageSize, imagePatches, overlayOf } from "./image/image-patches.ts";
export { type OcclusionOptions, occlusionMap } from "./image/occlusion-map.ts";
export { type AttributionDrift, attributionDrift } from "./importance/attribution-drift.ts";
export { importanceChecker } from "./importance/importance-checker.ts";
export {
  type FeatureImportance,
  type Importance,
  type PermutationImportanceOptions,
  permutationImportance,
} from "./importance/permutation-importance.ts";
export type { Score, ScoreName } from "./importance/score.ts";
export { type FeatureGroup, type KernelShapOptions, kernelShap } from "./kernel/kernel-shap.ts";
export { type OnnxPredictor, onnxPredictor } from "./onnx-predictor.ts";
export type { Predict } from "./predict.ts";
export { countCovers } from "./tree/count-covers.ts";
export { featureRows } from "./tree/feature-rows.ts";
export type { Link } from "./tree/link.ts";
export { type PredictTreesOptions, predictTrees } from "./tree/predict-trees.ts";
export { readLightgbm } from "./tree/read-lightgbm.ts";
export { readOnnxTrees } from "./tree/read-onnx-trees.ts";
export type { Tree, TreeEnsemble } from "./tree/tree-ensemble.ts";
export { type TreeShapOptions, treeShap } from "./tree/tree-shap.ts";
