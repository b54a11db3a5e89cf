import type { Random } from "../../random/random.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { aucEstimate } from "../interval/auc-interval.ts";
import { bootstrapEstimates } from "../interval/bootstrap-interval.ts";
import { bootstrapOfConfusion, deltaOfConfusion } from "../interval/confusion-interval.ts";
import { deltaEstimate } from "../interval/delta-interval.ts";
import { faultlessEstimates } from "../interval/faultless-interval.ts";
import type { WeightedMeans } from "../interval/weighted-means.ts";
import type { ClassMetric, ClassPerformance, ClassReport } from "../performance-report.ts";
import {
  type ClassRates,
  type Confusion,
  type ConfusionScores,
  classRates,
  confusionScores,
} from "./confusion.ts";
import { averagePrecision } from "./precision-recall.ts";
import { binnedAucError } from "./roc.ts";
import type { ScoreStore } from "./score-store.ts";

/** What was counted of a classifier's rows. */
interface Counted extends Confusion {
  readonly positive: number | null;
  /** By class; of two classes only the positive one has one. */
  readonly stores: readonly (ScoreStore | null)[] | null;
  /** Log loss and Brier's score. */
  readonly losses: WeightedMeans | null;
  /** The same by row, while there are few. */
  readonly rowLosses: readonly (readonly [number, number])[] | null;
  readonly weighted: boolean;
  readonly rows: number;
  readonly leftOut: number;
  readonly effectiveRows: number;
}

interface Settings {
  readonly confidence: number;
  readonly bootstrapRows: number;
  readonly random: Random;
}

const OVERALL = [
  "balancedAccuracy",
  "precisionMacro",
  "recallMacro",
  "f1Macro",
  "f1Weighted",
  "mcc",
] as const;

/** All figures of what was counted, each with its interval. */
export function summariseClasses(counted: Counted, settings: Settings): ClassPerformance {
  const { classes, counts, positive, rows, leftOut, effectiveRows } = counted;
  const { confidence } = settings;
  const ranked = counted.stores?.map((store) => store?.finish() ?? null) ?? null;
  const areas = ranked?.map((own) => own && aucEstimate(own.ranking, confidence, own.effective)) ?? [];
  const reports = reportClasses({ counts, classes, areas, shrink: shrinkOf(counted), confidence });
  const chosen = positive === null ? undefined : reports[positive];
  const ranking = (positive !== null && classes.length === 2 && ranked?.[positive]?.ranking) || null;
  const metrics: Partial<Record<ClassMetric, Estimate>> = { ...overall(counted, settings) };
  if (chosen !== undefined) {
    metrics.precision = chosen.precision;
    metrics.recall = chosen.recall;
    metrics.f1 = chosen.f1;
  }
  const auc = meanArea(areas.filter((area) => area !== null));
  if (auc !== null) metrics.rocAuc = auc;
  if (ranking !== null && ranking.positiveTotal > 0) {
    const hits = averagePrecision(ranking) * (ranked?.[positive ?? 0]?.effective.positives ?? 0);
    metrics.averagePrecision = wilson(hits, ranked?.[positive ?? 0]?.effective.positives ?? 0, confidence);
  }
  if (counted.losses !== null) {
    const [logLoss, brier] = meanLosses(counted, settings);
    if (logLoss !== undefined) metrics.logLoss = logLoss;
    if (brier !== undefined) metrics.brier = brier;
  }
  return {
    task: "classification",
    rows,
    leftOut,
    effectiveRows,
    confidence,
    confusion: { classes, counts },
    positive,
    metrics,
    classes: reports,
    ranking,
    rocAucError: Math.max(
      0,
      ...(ranked ?? []).map((own) => (own === null || own.exact ? 0 : binnedAucError(own.ranking))),
    ),
  };
}

/** Effective rows by weight: a cell of weight w tells as much as w × shrink rows. */
function shrinkOf({ counts, effectiveRows }: Counted): number {
  const weight = counts.flat().reduce((sum, cell) => sum + cell, 0);
  return weight === 0 ? 1 : effectiveRows / weight;
}

interface Reporting extends Confusion {
  readonly areas: readonly (Estimate | null)[];
  readonly shrink: number;
  readonly confidence: number;
}

function reportClasses({ counts, classes, areas, shrink, confidence }: Reporting): ClassReport[] {
  return classRates(counts).map((rates, at) => ({
    name: classes[at] ?? "",
    support: rates.support,
    precision: wilson(rates.hits * shrink, rates.predicted * shrink, confidence),
    recall: wilson(rates.hits * shrink, rates.support * shrink, confidence),
    f1: f1Estimate(rates, shrink, confidence),
    rocAuc: areas[at] ?? null,
  }));
}

/** F1 is 2J / (1 + J) of J, the hits among the rows that are or were called so: Wilson's interval of J, carried over. */
function f1Estimate(
  { hits, support, predicted, f1 }: ClassRates,
  shrink: number,
  confidence: number,
): Estimate {
  const share = wilson(hits * shrink, (support + predicted - hits) * shrink, confidence);
  const carried = (j: number) => (2 * j) / (1 + j);
  const slope = 2 / (1 + share.value) ** 2;
  return {
    value: f1,
    low: carried(share.low),
    high: carried(share.high),
    standardError: slope * share.standardError,
    method: "wilson",
  };
}

function overall(counted: Counted, settings: Settings): Partial<Record<ClassMetric, Estimate>> {
  const { counts, effectiveRows, rows, weighted } = counted;
  const { confidence, bootstrapRows, random } = settings;
  const of = (rates: readonly ClassRates[]) => pick(confusionScores(rates));
  const isFaultless =
    rows > 0 && counts.every((row, at) => row.every((cell, other) => cell === 0 || at === other));
  function estimate(): Estimate[] {
    if (isFaultless) return faultlessEstimates(of, counts, { rows: effectiveRows, random, confidence });
    return !weighted && rows <= bootstrapRows
      ? bootstrapOfConfusion(of, counts, { random, confidence })
      : deltaOfConfusion(of, counts, { rows: effectiveRows, confidence });
  }
  const estimates = estimate();
  const others = OVERALL.map((name, at): [ClassMetric, Estimate] => [
    name,
    within(estimates[at] as Estimate, name === "mcc" ? -1 : 0),
  ]);
  const hits = confusionScores(classRates(counts)).accuracy * effectiveRows;
  return { accuracy: wilson(hits, effectiveRows, confidence), ...Object.fromEntries(others) };
}

function pick(scores: ConfusionScores): number[] {
  return OVERALL.map((name) => scores[name]);
}

function within(estimate: Estimate, least: number): Estimate {
  return { ...estimate, low: Math.max(least, estimate.low), high: Math.min(1, estimate.high) };
}

/** Of log loss and Brier's score. */
function meanLosses({ losses, rowLosses }: Counted, { confidence, random }: Settings): Estimate[] {
  if (rowLosses === null || rowLosses.length < 2) {
    const { means, covariance } = losses as WeightedMeans;
    return means.map((mean, at) => {
      const spread = [[covariance[at]?.[at] ?? Number.NaN]];
      return deltaEstimate(([own]) => own ?? Number.NaN, { means: [mean], covariance: spread }, confidence);
    });
  }
  const of = (counts: Float64Array) => {
    let [logs, squares, rows] = [0, 0, 0];
    for (let row = 0; row < rowLosses.length; row += 1) {
      const count = counts[row] as number;
      const [log, square] = rowLosses[row] as readonly [number, number];
      logs += count * log;
      squares += count * square;
      rows += count;
    }
    return [logs / rows, squares / rows];
  };
  const kindOf = rowLosses.map((_, row) => row);
  return bootstrapEstimates({ kindOf, kinds: rowLosses.length, of }, { random, confidence });
}

/** The mean over the classes; its standard error is at most the mean of theirs. */
function meanArea(areas: readonly Estimate[]): Estimate | null {
  const known = areas.filter(({ value }) => !Number.isNaN(value));
  const [only] = known;
  if (only === undefined) return null;
  if (known.length === 1) return only;
  const mean = (of: (area: Estimate) => number) =>
    known.reduce((sum, area) => sum + of(area), 0) / known.length;
  return {
    value: mean(({ value }) => value),
    low: mean(({ low }) => low),
    high: mean(({ high }) => high),
    standardError: mean(({ standardError }) => standardError),
    method: only.method,
  };
}
