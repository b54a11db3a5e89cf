import type { ModelRoles } from "../../answers/model-roles.ts";
import { readRoles } from "../../answers/read-roles.ts";
import type { CheckContext } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import type { Metric } from "../performance-report.ts";

/** What a figure must keep within. */
export interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** Settings of `performanceChecker`. */
export interface PerformanceSettings {
  readonly roles: ModelRoles;
  /** Columns on whose values each is measured apart as well. */
  readonly slices: readonly string[];
  /** null for the default ones. */
  readonly metrics: readonly Metric[] | null;
  readonly thresholds: Readonly<Partial<Record<Metric, Limits>>>;
  readonly minimumDrop: number;
  readonly minimumIncrease: number;
  readonly significance: number;
  readonly minimumSample: number;
}

const GAINS: readonly Metric[] = [
  "accuracy",
  "balancedAccuracy",
  "precisionMacro",
  "recallMacro",
  "f1Macro",
  "f1Weighted",
  "mcc",
  "precision",
  "recall",
  "f1",
  "rocAuc",
  "averagePrecision",
  "r2",
];
const LOSSES: readonly Metric[] = ["logLoss", "brier", "mae", "rmse", "mape", "bias"];
export const ALL_METRICS: readonly Metric[] = [...GAINS, ...LOSSES];

/** Whether smaller is better; of `bias`, nearer to 0. */
export function isLoss(metric: Metric): boolean {
  return LOSSES.includes(metric);
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param */
export function readPerformanceSettings(context: CheckContext): PerformanceSettings {
  const params = checkerParams(
    context,
    'Give {"label", "prediction" or "probabilities", "task", "positive"}, and as you like "metrics", "thresholds", "minimumDrop".',
  );
  const { read, number } = params;
  params.needText("label");
  const metricOf = (name: string, path: string): Metric => read.oneOf(ALL_METRICS, name, path);
  const thresholds = Object.entries(read.object(params.given("thresholds") ?? {}, "thresholds")).map(
    ([name, given]) => {
      const limits = Object.entries(read.object(given, `thresholds.${name}`)).map(([end, value]) => {
        if (end !== "min" && end !== "max") read.fail(`thresholds.${name}.${end}`, value, "min or max");
        return [end, read.finite(value, `thresholds.${name}.${end}`)];
      });
      return [metricOf(name, `thresholds.${name}`), Object.fromEntries(limits)];
    },
  );
  const settings = {
    roles: readRoles(params),
    slices: params.texts("slices") ?? [],
    metrics: params.texts("metrics")?.map((name, at) => metricOf(name, `metrics[${at}]`)) ?? null,
    thresholds: Object.fromEntries(thresholds),
    minimumDrop: number("minimumDrop", 0.02, [0, 1]),
    minimumIncrease: number("minimumIncrease", 0.1, [0, 1e6]),
    significance: number("significance", 0.05, [1e-12, 1]),
    minimumSample: number("minimumSample", 30, [2, 1e9]),
  };
  params.refuseOthers();
  return settings;
}
