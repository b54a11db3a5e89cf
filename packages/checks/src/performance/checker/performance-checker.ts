import { judgeAnswers } from "../../answers/judge-answers.ts";
import type { CheckContext, Checker, Dataset } from "../../checker/checker.ts";
import { rowsOf } from "../../checker/dataset-rows.ts";
import type { Figure } from "../../figure/figure.ts";
import type { JsonObject } from "../../json/json.ts";
import { normalBelow } from "../../maths/normal.ts";
import { adjustPValues } from "../../statistics/adjust-p-values.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import { gravest } from "../../verdict/gravity.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict, VerdictStatus } from "../../verdict/verdict.ts";
import {
  confusionFigure,
  metricsFigure,
  type Named,
  precisionRecallFigure,
  rocFigure,
} from "../figure/performance-figures.ts";
import { createPerformanceMeter } from "../measure-performance.ts";
import type { Metric, Performance } from "../performance-report.ts";
import {
  ALL_METRICS,
  isLoss,
  type Limits,
  type PerformanceSettings,
  readPerformanceSettings,
} from "./performance-settings.ts";
import { createSliceMeters } from "./slice-meters.ts";

/**
 * Does the model still do as well, now that labels are there? Measures the window and the reference and compares.
 *
 * - `alarm`: a figure is worse than in the reference, significantly (Holm over the figures) and by at least the minimum;
 *   or it is on the wrong side of its threshold with its whole interval
 * - `warning`: worse significantly, but by less; or on the wrong side with a part of its interval
 * - `invalid`: roles that do not fit the data, or fewer labelled rows than the minimum sample
 *
 * Params: the roles (`label`, `prediction`, `probabilities`, `task`, `positive`, `weight`, `threshold`); `metrics`
 * (default accuracy, f1Macro, rocAuc and logLoss, or mae, rmse and r2, as far as they are there), `thresholds` such as
 * `{ "accuracy": { "min": 0.8 } }`, `slices`, columns of up to 100 values that are judged apart as well, `minimumDrop` of shares (default .02), `minimumIncrease` of losses and errors,
 * relative to the reference (default .1), `significance` (.05), `minimumSample` of labelled rows a side (30).
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const performanceChecker: Checker = async (window, reference, context) => {
  const settings = readPerformanceSettings(context);
  if (reference === null && Object.keys(settings.thresholds).length === 0) {
    return invalidVerdict(
      "performance",
      'There is nothing to judge by: give a reference, or the param "thresholds".',
    );
  }
  return judgeAnswers("performance", async () => {
    const now = await measure(window, settings, context);
    const before = reference === null ? null : await measure(reference, settings, context);
    for (const { name, value } of [now, before].filter((side) => side !== null)) {
      if (value.rows >= settings.minimumSample) continue;
      const message = `${name} has ${value.rows} labelled rows, and ${settings.minimumSample} are the least: gather more.`;
      return invalidVerdict("performance", message, settings.roles.label);
    }
    return judge(now, before, settings);
  });
};

interface Measured extends Named<Performance> {
  readonly slices: ReadonlyMap<string, Performance | null>;
}

async function measure(
  dataset: Dataset,
  { roles, slices }: PerformanceSettings,
  context: CheckContext,
): Promise<Measured> {
  const options = { seed: context.random("performance").below(2 ** 31) };
  const meter = createPerformanceMeter(roles, options);
  const sliced = createSliceMeters(slices, roles, options);
  for await (const batch of rowsOf(dataset)) {
    context.signal.throwIfAborted();
    meter.add(batch);
    sliced.add(batch);
  }
  return { name: dataset.name, value: meter.finish(), slices: sliced.finish() };
}

interface Compared {
  readonly metric: Metric;
  /** null of all rows. */
  readonly slice: string | null;
  readonly now: Estimate;
  readonly before: Estimate | null;
  /** By how much it is worse than before; relative for losses. */
  readonly drop: number;
  readonly pValue: number;
}

function judge(now: Measured, before: Measured | null, settings: PerformanceSettings): Verdict {
  const wanted =
    settings.metrics ??
    ALL_METRICS.filter((metric) => DEFAULTS.includes(metric) || metric in settings.thresholds);
  const compareAll = (slice: string | null, own: Performance, was: Performance | null) =>
    wanted.flatMap((metric): Compared[] => {
      const figure = own.metrics[metric];
      if (figure === undefined || Number.isNaN(figure.value)) return [];
      return [{ metric, slice, ...compare(metric, figure, was?.metrics[metric] ?? null) }];
    });
  const whole = compareAll(null, now.value, before?.value ?? null);
  const absent = wanted.filter(
    (metric) => settings.metrics !== null && !whole.some((own) => own.metric === metric),
  );
  if (whole.length === 0 || absent.length > 0) {
    const names = absent.length > 0 ? absent.join(", ") : "any figure";
    return invalidVerdict(
      "performance",
      `${now.name} does not tell ${names}: name probabilities and the positive class, or other "metrics".`,
    );
  }
  const { judgeable, tooFew } = sliceSides(now, before, settings.minimumSample);
  const sliced = judgeable.flatMap(({ slice, own, was }) => compareAll(slice, own, was));
  const compared = [...whole, ...sliced];
  const adjusted = adjustPValues(
    compared.map(({ pValue }) => pValue),
    "holm",
  );
  const judged = compared.map((own, at) => judgeMetric(own, adjusted[at] ?? 1, settings));
  const status = gravest(judged.map((own) => own.status));
  const told = judged.filter((own) => own.status !== "ok").map(({ text }) => text);
  const { label, prediction } = settings.roles;
  return {
    status,
    kind: "performance",
    message:
      status === "ok"
        ? `The model does as well as it should on ${now.value.rows} rows${onSlices(judgeable.length)}: ${judged
            .slice(0, whole.length)
            .map(({ text }) => text)
            .join(", ")}.${describeTooFew(tooFew)}`
        : `The model does worse on ${now.value.rows} rows: ${shortened(told)}. See on which slices it errs, then retrain or roll back.${describeTooFew(tooFew)}`,
    columns: status === "ok" ? [] : [prediction ?? label ?? ""].filter((name) => name !== ""),
    evidence: Object.fromEntries(judged.map(({ name, evidence }) => [name, evidence])),
    figures: figuresOf(
      now,
      before,
      whole.map(({ metric }) => metric),
    ),
  };
}

/** The slices with enough labelled rows on the sides there are, and the others. */
function sliceSides(now: Measured, before: Measured | null, least: number) {
  const isEnough = (side: Performance | null | undefined): side is Performance =>
    side !== null && side !== undefined && side.rows >= least;
  const found = Array.from(now.slices, ([slice, own]) => ({ slice, own, was: before?.slices.get(slice) }));
  return {
    judgeable: found.flatMap(({ slice, own, was }) =>
      isEnough(own) && (before === null || isEnough(was)) ? [{ slice, own, was: was ?? null }] : [],
    ),
    tooFew: found.flatMap(({ slice, own, was }) =>
      isEnough(own) && (before === null || isEnough(was)) ? [] : [slice],
    ),
  };
}

function onSlices(count: number): string {
  return count === 0 ? "" : ` and on each of ${count} slices`;
}

function describeTooFew(slices: readonly string[]): string {
  return slices.length === 0 ? "" : ` Too few rows to judge: ${shortened(slices)}.`;
}

function shortened(texts: readonly string[]): string {
  const more = texts.length > 10 ? [`and ${texts.length - 10} more`] : [];
  return [...texts.slice(0, 10), ...more].join(", ");
}

const DEFAULTS: readonly Metric[] = ["accuracy", "f1Macro", "rocAuc", "logLoss", "mae", "rmse", "r2"];

function compare(metric: Metric, now: Estimate, before: Estimate | null): Omit<Compared, "metric" | "slice"> {
  if (before === null || Number.isNaN(before.value)) return { now, before: null, drop: 0, pValue: 1 };
  const size = (value: number) => (metric === "bias" ? Math.abs(value) : value);
  const worse = isLoss(metric) ? size(now.value) - size(before.value) : before.value - now.value;
  const spread = Math.hypot(now.standardError, before.standardError);
  const drop = isLoss(metric) ? worse / Math.max(Math.abs(before.value), 1e-12) : worse;
  // So few rows that there is no interval prove nothing.
  if (Number.isNaN(spread)) return { now, before, drop, pValue: 1 };
  const z = spread > 0 ? worse / spread : worse > 0 ? Number.POSITIVE_INFINITY : 0;
  return { now, before, drop, pValue: normalBelow(-z) };
}

interface Judged {
  /** The metric's, with the slice. */
  readonly name: string;
  readonly status: VerdictStatus;
  readonly text: string;
  readonly evidence: JsonObject;
}

function judgeMetric(
  { metric, slice, now, before, drop, pValue }: Compared,
  adjusted: number,
  settings: PerformanceSettings,
): Judged {
  const least = isLoss(metric) ? settings.minimumIncrease : settings.minimumDrop;
  const limits = settings.thresholds[metric] ?? {};
  const isReal = before !== null && adjusted <= settings.significance;
  const status = gravest([isReal ? (drop >= least ? "alarm" : "warning") : "ok", beyond(now, limits)]);
  const was = before === null ? "" : `, was ${before.value.toFixed(3)}`;
  const hasInterval = Number.isFinite(now.low) && Number.isFinite(now.high);
  const range = hasInterval
    ? `${now.low.toFixed(3)} to ${now.high.toFixed(3)}`
    : "too few rows for an interval";
  const name = slice === null ? metric : `${metric} [${slice}]`;
  return {
    name,
    status,
    text: `${name} ${now.value.toFixed(3)} (${range}${was})`,
    evidence: {
      status,
      value: now.value,
      low: hasInterval ? now.low : null,
      high: hasInterval ? now.high : null,
      interval: now.method,
      reference: before?.value ?? null,
      drop: before === null ? null : drop,
      pValue: before === null ? null : pValue,
      adjustedPValue: before === null ? null : adjusted,
      minimum: limits.min ?? null,
      maximum: limits.max ?? null,
    },
  };
}

function beyond({ value, low, high }: Estimate, { min, max }: Limits): VerdictStatus {
  if ((min !== undefined && high < min) || (max !== undefined && low > max)) return "alarm";
  return (min !== undefined && value < min) || (max !== undefined && value > max) ? "warning" : "ok";
}

function figuresOf(
  now: Named<Performance>,
  before: Named<Performance> | null,
  metrics: readonly Metric[],
): Figure[] {
  // The reference comes first everywhere: it is the blue one.
  const sides = [before, now].filter((side) => side !== null);
  const rankings = sides.flatMap(({ name, value }) =>
    value.task === "classification" && value.ranking !== null ? [{ name, value: value.ranking }] : [],
  );
  const shares = metrics.filter((metric) => !isLoss(metric));
  return [
    ...(shares.length > 0 ? [metricsFigure(sides, shares)] : [metricsFigure(sides, metrics)]),
    ...(now.value.task === "classification" && now.value.confusion.classes.length <= 30
      ? [confusionFigure(now.value.confusion)]
      : []),
    ...(rankings.length > 0 ? [rocFigure(rankings), precisionRecallFigure(rankings)] : []),
  ];
}
