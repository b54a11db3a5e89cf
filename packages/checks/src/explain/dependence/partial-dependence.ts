import type { Matrix } from "../../maths/matrix.ts";
import { needOption, needRows } from "../explain-input.ts";
import { askPredictor, type Predict } from "../predict.ts";
import { gridOf } from "./grid.ts";

/** Settings of `partialDependence`. */
export interface PartialDependenceOptions {
  /** Values to try; default: up to `points` of the feature's own, at equal steps of rank. */
  readonly grid?: ArrayLike<number>;
  /** 2 to 1,000; default 20. */
  readonly points?: number;
}

/** How a model's answer changes with one feature. */
export interface PartialDependence {
  readonly grid: Float64Array;
  /** Over the rows: points × outputs. */
  readonly mean: Matrix;
  /** Individual conditional expectation: per output, rows × points. */
  readonly individual: readonly Matrix[];
}

/**
 * The mean answer when one feature is set to each value of a grid and all others stay as they are (Friedman 2001,
 * "Greedy function approximation"), and the line of each row (Goldstein et al. 2015). It asks about rows that may
 * not exist when features hang together: then `accumulatedLocalEffects` tells the truth.
 *
 * @param feature which column
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID, SCANFLOW_EXPLAIN_INPUT_INVALID, SCANFLOW_CHECK_OPTION_INVALID
 */
export async function partialDependence(
  predict: Predict,
  { rows, feature }: { readonly rows: Matrix; readonly feature: number },
  { grid, points = 20 }: PartialDependenceOptions = {},
): Promise<PartialDependence> {
  const place = "partialDependence";
  needRows(place, rows, { features: rows.columns, model: "the table" });
  needOption(place, { name: "points", value: points, least: 2, most: 1_000 });
  const own = gridOf(rows, feature, { points, place });
  const tried = grid === undefined ? own : Float64Array.from(grid);
  const answers: Matrix[] = [];
  for (const value of tried) {
    answers.push(
      await askPredictor(
        predict,
        withColumn(rows, feature, () => value),
        answers[0]?.columns ?? null,
      ),
    );
  }
  const outputs = answers[0]?.columns ?? 0;
  const individual = Array.from({ length: outputs }, (_, output) => ({
    rows: rows.rows,
    columns: tried.length,
    values: Float64Array.from({ length: rows.rows * tried.length }, (_, at) => {
      const row = Math.floor(at / tried.length);
      return answers[at % tried.length]?.values[row * outputs + output] as number;
    }),
  }));
  return { grid: tried, mean: meanOfEach(answers, outputs), individual };
}

function meanOfEach(answers: readonly Matrix[], outputs: number): Matrix {
  const values = new Float64Array(answers.length * outputs);
  for (const [point, answer] of answers.entries()) {
    for (const [at, value] of answer.values.entries()) {
      const place = point * outputs + (at % outputs);
      values[place] = (values[place] as number) + value / answer.rows;
    }
  }
  return { rows: answers.length, columns: outputs, values };
}

/** The rows with other values in one column. */
export function withColumn(
  { rows, columns, values }: Matrix,
  column: number,
  valueFor: (row: number) => number,
): Matrix {
  const changed = values.slice();
  for (let row = 0; row < rows; row += 1) changed[row * columns + column] = valueFor(row);
  return { rows, columns, values: changed };
}
