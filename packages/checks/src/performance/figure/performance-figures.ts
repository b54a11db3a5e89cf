import type { BarsFigure, GridFigure, LinesFigure } from "../../figure/figure.ts";
import type { Calibration } from "../calibration/measure-calibration.ts";
import type { Confusion } from "../classification/confusion.ts";
import { precisionRecallCurve } from "../classification/precision-recall.ts";
import type { Ranking } from "../classification/ranking.ts";
import { rocCurve } from "../classification/roc.ts";
import type { Metric, Performance } from "../performance-report.ts";

/** Something to draw, with its name in the legend. */
export interface Named<Value> {
  readonly name: string;
  readonly value: Value;
}

type Point = readonly [number, number];
const MOST_POINTS = 400;

/** ROC curves over the diagonal of chance. */
export function rocFigure(rankings: readonly Named<Ranking>[]): LinesFigure {
  const curves = rankings.map(({ name, value }) => ({
    name,
    points: thin(rocCurve(value).map((point): Point => [point.falsePositiveRate, point.truePositiveRate])),
  }));
  return {
    kind: "lines",
    title: "ROC curve",
    x: "share of negatives called positive",
    y: "share of positives found",
    series: [
      ...curves,
      {
        name: "chance",
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  };
}

/** Precision over recall. */
export function precisionRecallFigure(rankings: readonly Named<Ranking>[]): LinesFigure {
  return {
    kind: "lines",
    title: "Precision and recall",
    x: "share of positives found",
    y: "share of finds that are right",
    series: rankings.map(({ name, value }) => ({
      name,
      points: thin(precisionRecallCurve(value).map((point): Point => [point.recall, point.precision])),
    })),
  };
}

/** A confusion matrix: of the rows of each true class, the shares by prediction. */
export function confusionFigure({ classes, counts }: Confusion): GridFigure {
  return {
    kind: "grid",
    title: "Confusion: shares of each true class",
    x: "predicted",
    y: "true",
    rows: classes,
    columns: classes,
    values: counts.map((row) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count) => (total > 0 ? count / total : null));
    }),
  };
}

/** How often it happens, over how likely it was said to be. */
export function reliabilityFigure(calibrations: readonly Named<Calibration>[]): LinesFigure {
  return {
    kind: "lines",
    title: "Reliability of probabilities",
    x: "probability given",
    y: "share that was positive",
    series: [
      ...calibrations.map(({ name, value: { bins } }) => ({
        name,
        points: bins.map(({ said, seen }): Point => [said, seen.value]),
        band: bins.map(({ seen }): Point => [seen.low, seen.high]),
      })),
      {
        name: "right",
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  };
}

/** Figures side by side, with their intervals. */
export function metricsFigure(
  performances: readonly Named<Performance>[],
  metrics: readonly Metric[],
): BarsFigure {
  return {
    kind: "bars",
    title: "Performance",
    x: "figure",
    y: "value",
    categories: metrics,
    series: performances.map(({ name, value }) => {
      const estimates = metrics.map((metric) => value.metrics[metric]);
      const part = (of: "value" | "low" | "high") =>
        estimates.map((estimate) =>
          estimate !== undefined && Number.isFinite(estimate[of]) ? estimate[of] : null,
        );
      return { name, values: part("value"), low: part("low"), high: part("high") };
    }),
  };
}

/** Few enough points to be drawn, the ends among them. */
function thin(points: readonly Point[]): Point[] {
  const known = points
    .filter(([x, y]) => !Number.isNaN(x) && !Number.isNaN(y))
    .map(([x, y]): Point => [rounded(x), rounded(y)]);
  if (known.length <= MOST_POINTS) return known;
  const step = (known.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, at) => known[Math.round(at * step)] as Point);
}

/** Finer than a picture shows. */
function rounded(value: number): number {
  return Number(value.toFixed(4));
}
