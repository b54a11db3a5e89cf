import type { BarsFigure, GridFigure } from "../../figure/figure.ts";
import type { Matrix } from "../../maths/matrix.ts";
import type { Attributions } from "../attributions.ts";
import { orderOf } from "../importance/attribution-drift.ts";
import type { Importance } from "../importance/permutation-importance.ts";

/** Which output is shown, and how many features. */
export interface AttributionFigureOptions {
  /** Default the first. */
  readonly output?: number;
  /** Default 12; the others are summed up where that makes sense. */
  readonly most?: number;
}

/** Which row is shown. */
export interface RowOfFigure {
  readonly rows: Matrix;
  readonly row: number;
  /** What features are called that are numbers only for the model, such as categories; null for the others. */
  readonly texts?: readonly (string | null)[];
}

/** Why one row got its answer: each feature's contribution, the largest first, on the way from the base to the answer. */
export function rowFigure(
  { features, base, values }: Attributions,
  { rows, row, texts }: RowOfFigure,
  { output = 0, most = 12 }: AttributionFigureOptions = {},
): BarsFigure {
  const own = rowOf(values[output], row);
  const order = Array.from(own.keys()).sort(
    (a, b) => Math.abs(own[b] as number) - Math.abs(own[a] as number),
  );
  const shown = order.slice(0, most);
  const rest = order.slice(most).reduce((sum, at) => sum + (own[at] as number), 0);
  const start = base[output] as number;
  const answer = own.reduce((sum, value) => sum + value, start);
  const named = features.length === rows.columns ? rowOf(rows, row) : null;
  const label = (at: number) =>
    named === null ? features[at] : `${features[at]} = ${texts?.[at] ?? short(named[at] as number)}`;
  const others = order.length > most ? [`${order.length - most} others`] : [];
  return {
    kind: "bars",
    title: `Row ${row}: from ${short(start)}, expected of any row, to ${short(answer)}`,
    x: "feature and its value",
    y: "contribution",
    categories: [...shown.map((at) => label(at) as string), ...others],
    series: [
      {
        name: "contribution",
        values: [...shown.map((at) => own[at] as number), ...(others.length > 0 ? [rest] : [])],
      },
    ],
  };
}

/** What a model rests on: mean absolute contribution over the rows, the most important feature first. */
export function importanceFigure(
  attributions: Attributions,
  { output = 0, most = 12 }: AttributionFigureOptions = {},
): BarsFigure {
  const mean = meanMagnitudes(attributions, output);
  const shown = orderOf(mean).slice(0, most);
  return {
    kind: "bars",
    title: "What the answers rest on",
    x: "feature",
    y: "mean absolute contribution",
    categories: shown.map((at) => attributions.features[at] as string),
    series: [{ name: "importance", values: shown.map((at) => mean[at] as number) }],
  };
}

/** Mean absolute contribution of each feature, over the rows. */
export function meanMagnitudes({ features, values }: Attributions, output = 0): Float64Array {
  const own = values[output] ?? { rows: 0, columns: features.length, values: new Float64Array(0) };
  const mean = new Float64Array(features.length);
  for (const [at, value] of own.values.entries()) {
    mean[at % own.columns] = (mean[at % own.columns] as number) + Math.abs(value) / own.rows;
  }
  return mean;
}

const BANDS = 15;

/**
 * Where each feature's contributions lie, and whether high values push up or down: features × bands of contribution,
 * each cell coloured by how the feature's values there compare with its other values (−1 lowest, 1 highest by rank);
 * empty where no row lies. What shap's beeswarm plot shows, at any number of rows.
 *
 * @param rows what was explained
 */
export function summaryFigure(
  attributions: Attributions,
  rows: Matrix,
  { output = 0, most = 12 }: AttributionFigureOptions = {},
): GridFigure {
  const own = attributions.values[output] ?? rows;
  const shown = orderOf(meanMagnitudes(attributions, output)).slice(0, most);
  const reach = own.values.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0) || 1;
  const bandOf = (value: number) => Math.min(BANDS - 1, Math.floor(((value / reach + 1) / 2) * BANDS));
  const values = shown.map((feature) => {
    const ranks = ranksOf(columnOf(rows, feature));
    const sums = new Float64Array(BANDS);
    const counts = new Float64Array(BANDS);
    for (const [row, value] of columnOf(own, feature).entries()) {
      const rank = ranks[row] as number;
      if (Number.isNaN(rank)) continue;
      const band = bandOf(value);
      sums[band] = (sums[band] as number) + rank;
      counts[band] = (counts[band] as number) + 1;
    }
    return Array.from(sums, (sum, band) => (counts[band] === 0 ? null : sum / (counts[band] as number)));
  });
  return {
    kind: "grid",
    title: "Contributions of low (−1) and high (1) values",
    x: "contribution",
    y: "feature",
    rows: shown.map((at) => attributions.features[at] as string),
    columns: Array.from({ length: BANDS }, (_, band) => short((((band + 0.5) / BANDS) * 2 - 1) * reach)),
    values,
  };
}

/** Permutation importance with its intervals, the most important feature first. */
export function permutationFigure({ score, features }: Importance, most = 12): BarsFigure {
  const shown = features.toSorted((a, b) => b.mean - a.mean).slice(0, most);
  return {
    kind: "bars",
    title: `How far the score of ${short(score).replace("-", "−")} falls when a feature is shuffled`,
    x: "feature",
    y: "fall of the score",
    categories: shown.map(({ feature }) => feature),
    series: [
      {
        name: "fall",
        values: shown.map(({ mean }) => mean),
        low: shown.map(({ low }) => low),
        high: shown.map(({ high }) => high),
      },
    ],
  };
}

/** From −1 for the lowest to 1 for the highest, ties at their middle; NaN where a value is missing. */
function ranksOf(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const last = Math.max(1, sorted.length - 1);
  const places = new Map<number, { readonly first: number; last: number }>();
  for (const [at, value] of sorted.entries()) {
    const place = places.get(value);
    if (place === undefined) places.set(value, { first: at, last: at });
    else place.last = at;
  }
  return values.map((value) => {
    const place = places.get(value);
    if (place === undefined || Number.isNaN(value)) return Number.NaN;
    return sorted.length === 1 ? 0 : (place.first + place.last) / last - 1;
  });
}

function columnOf({ rows, columns, values }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => values[row * columns + column] as number);
}

function rowOf(matrix: Matrix | undefined, row: number): Float64Array {
  const { columns, values } = matrix ?? { columns: 0, values: new Float64Array(0) };
  return values.subarray(row * columns, (row + 1) * columns);
}

function short(value: number): string {
  return Number.isNaN(value) ? "missing" : String(Number(value.toPrecision(3)));
}
