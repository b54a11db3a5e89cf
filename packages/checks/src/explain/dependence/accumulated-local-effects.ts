import type { Matrix } from "../../maths/matrix.ts";
import { pickRows } from "../../maths/pick-rows.ts";
import { needOption, needRows } from "../explain-input.ts";
import { askPredictor, type Predict } from "../predict.ts";
import { gridOf } from "./grid.ts";
import { withColumn } from "./partial-dependence.ts";

/** How a model's answer changes with one feature among rows that exist. */
export interface LocalEffects {
  /** Ends of the bins: quantiles of the feature. */
  readonly edges: Float64Array;
  /** At each edge, above or below the mean over the rows: edges × outputs. */
  readonly effects: Matrix;
  /** Rows in the bin that ends at each edge; 0 for the first. */
  readonly counts: readonly number[];
}

/**
 * Accumulated local effects of one feature (Apley and Zhu 2020): within each bin, rows are asked about at the bin's
 * two ends; the mean differences are added up and centred. Unlike partial dependence it never asks about rows far
 * from those that are, so features that hang together do not mislead it.
 *
 * @param feature which column; rows where it is missing are left out
 * @param options.bins 1 to 1,000; default 20
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID, SCANFLOW_EXPLAIN_INPUT_INVALID, SCANFLOW_CHECK_OPTION_INVALID
 */
export async function accumulatedLocalEffects(
  predict: Predict,
  { rows, feature }: { readonly rows: Matrix; readonly feature: number },
  { bins = 20 }: { readonly bins?: number } = {},
): Promise<LocalEffects> {
  const place = "accumulatedLocalEffects";
  needRows(place, rows, { features: rows.columns, model: "the table" });
  needOption(place, { name: "bins", value: bins, least: 1, most: 1_000 });
  const edges = gridOf(rows, feature, { points: bins + 1, place });
  const kept = withFeature(rows, feature);
  const bin = Int32Array.from({ length: kept.rows }, (_, row) =>
    binOf(edges, kept.values[row * kept.columns + feature] as number),
  );
  const end = (row: number, step: number) => edges[Math.max(0, (bin[row] as number) + step)] as number;
  const below = await askPredictor(
    predict,
    withColumn(kept, feature, (row) => end(row, -1)),
  );
  const above = await askPredictor(
    predict,
    withColumn(kept, feature, (row) => end(row, 0)),
    below.columns,
  );
  const outputs = below.columns;
  const counts = Array.from(edges, () => 0);
  for (const own of bin) counts[own] = (counts[own] as number) + 1;
  const effects = new Float64Array(edges.length * outputs);
  for (const [at, value] of above.values.entries()) {
    const own = bin[Math.floor(at / outputs)] as number;
    const target = own * outputs + (at % outputs);
    effects[target] =
      (effects[target] as number) + (value - (below.values[at] as number)) / (counts[own] as number);
  }
  accumulate(effects, outputs, counts);
  return { edges, effects: { rows: edges.length, columns: outputs, values: effects }, counts };
}

/** Adds up along the edges, then takes off the mean, a bin's effect being that of its middle. */
function accumulate(effects: Float64Array, outputs: number, counts: readonly number[]): void {
  for (let at = outputs; at < effects.length; at += 1) {
    effects[at] = (effects[at] as number) + (effects[at - outputs] as number);
  }
  const rows = counts.reduce((sum, count) => sum + count, 0);
  for (let output = 0; output < outputs; output += 1) {
    const at = (edge: number) => effects[edge * outputs + output] as number;
    const mean = counts.reduce(
      (sum, count, edge) => (edge === 0 ? sum : sum + (count * (at(edge) + at(edge - 1))) / 2 / rows),
      0,
    );
    for (let edge = 0; edge < counts.length; edge += 1) effects[edge * outputs + output] = at(edge) - mean;
  }
}

/** The first edge that is not below the value, from 1 on; a constant feature has the edge 0 alone. */
function binOf(edges: Float64Array, value: number): number {
  if (edges.length === 1) return 0;
  let [low, high] = [1, edges.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withFeature(matrix: Matrix, feature: number): Matrix {
  const kept: number[] = [];
  for (let row = 0; row < matrix.rows; row += 1) {
    if (Number.isFinite(matrix.values[row * matrix.columns + feature])) kept.push(row);
  }
  return pickRows(matrix, kept);
}
