import type { Estimate } from "../statistics/interval/estimate.ts";
import type { Confusion } from "./classification/confusion.ts";
import type { Ranking } from "./classification/ranking.ts";

/** Figures of a classifier, each with its interval. Greater is better, but for `logLoss` and `brier`. */
export type ClassMetric =
  | "accuracy"
  | "balancedAccuracy"
  | "precisionMacro"
  | "recallMacro"
  | "f1Macro"
  | "f1Weighted"
  | "mcc"
  | "precision"
  | "recall"
  | "f1"
  | "rocAuc"
  | "averagePrecision"
  | "logLoss"
  | "brier";

/** Figures of a regression model, each with its interval. Smaller is better, but for `r2`; `bias` is best at 0. */
export type ValueMetric = "mae" | "rmse" | "r2" | "mape" | "bias";

/** A figure of how well a model does. */
export type Metric = ClassMetric | ValueMetric;

/** What one class is recognised like. */
export interface ClassReport {
  readonly name: string;
  /** Rows (or their weights) that are of the class. */
  readonly support: number;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  /** Of this class against all others; null without probabilities. */
  readonly rocAuc: Estimate | null;
}

interface Report {
  /** Rows with a label and a prediction. */
  readonly rows: number;
  /** Rows without one of them. */
  readonly leftOut: number;
  /** Rows of equal weight that tell as much; `rows` without weights. */
  readonly effectiveRows: number;
  readonly confidence: number;
  /** Those that fit the task and what was given. */
  readonly metrics: Readonly<Partial<Record<Metric, Estimate>>>;
}

/** How well a classifier did. */
export interface ClassPerformance extends Report {
  readonly task: "classification";
  readonly confusion: Confusion;
  readonly positive: number | null;
  readonly classes: readonly ClassReport[];
  /** Of the positive class, for its curves; null without probabilities or with more than two classes. */
  readonly ranking: Ranking | null;
  /** How far the area under the ROC curve may be from the exact one: above 0 when scores were counted in bins. */
  readonly rocAucError: number;
}

/** How well a regression model did. */
export interface ValuePerformance extends Report {
  readonly task: "regression";
  /** Of prediction − truth, at .05, .25, .5, .75 and .95; each row counts 1, whatever its weight. */
  readonly errorQuantiles: readonly { readonly share: number; readonly error: Estimate }[];
  /** Whether the quantiles are of a sample of the rows, drawn evenly. */
  readonly quantilesOfSample: boolean;
}

/** How well a model does, as classes or as values. */
export type Performance = ClassPerformance | ValuePerformance;
