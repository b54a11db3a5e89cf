import type { Matrix } from "@scanflow/checks";
import { explainPredictionDrift, kernelShap, type Predict } from "@scanflow/checks/explain";
import { type Model, predict } from "./model.ts";
import { FEATURES } from "./shape.ts";
import type { Sample } from "./shape-table.ts";

/** Rows that Shapley values take for "not known", and rows of each side that are explained. */
const BACKGROUND = 20;
const ROWS = 60;

/** Which digit the model sees more or less often than before, and which features make it do so. */
export async function whatTheModelSays(
  model: Model,
  reference: readonly Sample[],
  window: readonly Sample[],
): Promise<string> {
  const answers: Predict = ({ rows, columns, values }) => {
    const seen = Array.from({ length: rows }, (_, row) =>
      predict(model, [...values.subarray(row * columns, (row + 1) * columns)]),
    );
    return {
      rows,
      columns: model.classes.length,
      values: Float64Array.from(seen.flatMap((label) => model.classes.map((own) => Number(own === label)))),
    };
  };
  const options = { background: matrixOf(reference.slice(-BACKGROUND)), features: FEATURES };
  const before = await kernelShap(answers, matrixOf(reference.slice(0, ROWS)), options);
  const now = await kernelShap(answers, matrixOf(window.slice(0, ROWS)), options);
  const moves = model.classes.map((label, output) => ({
    label,
    ...explainPredictionDrift(before, now, { output }),
  }));
  const [largest] = moves.toSorted(
    (a, b) => Math.abs(b.window - b.reference) - Math.abs(a.window - a.reference),
  );
  return largest === undefined ? "" : `Of the model's answer "${largest.label}": ${largest.sentence}.`;
}

function matrixOf(samples: readonly Sample[]): Matrix {
  return {
    rows: samples.length,
    columns: FEATURES.length,
    values: Float64Array.from(samples.flatMap(({ features }) => features)),
  };
}
