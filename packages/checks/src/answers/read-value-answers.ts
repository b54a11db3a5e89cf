import type { ColumnBatch } from "../batch/column-batch.ts";
import type { ValueAnswers } from "./answers.ts";
import { AnswersError } from "./answers-error.ts";
import { numbersOf, weightsOf } from "./find-column.ts";
import type { ModelRoles } from "./model-roles.ts";
import { unanswered } from "./unanswered.ts";

/** Reads the answers of a regression model; see `readAnswers`. */
export function readValueAnswers(batch: ColumnBatch, roles: ModelRoles): ValueAnswers {
  const { label, prediction, weight } = roles;
  if (prediction === undefined) {
    throw new AnswersError("", 'A regression model needs the param "prediction": name the column it is in.');
  }
  const predicted = finiteOf(batch, prediction, "prediction");
  const truth = label === undefined ? null : finiteOf(batch, label, "label");
  const weights = weightsOf(batch, weight);
  const kept: number[] = [];
  for (let row = 0; row < batch.rows; row += 1) {
    if (!Number.isNaN(predicted[row]) && !Number.isNaN(weights?.[row] ?? 1)) kept.push(row);
  }
  if (kept.length === 0) throw unanswered(batch.rows, roles);
  const take = (values: Float64Array) => Float64Array.from(kept, (row) => values[row] as number);
  return {
    task: "regression",
    rows: kept.length,
    labels: truth === null ? new Float64Array(kept.length).fill(Number.NaN) : take(truth),
    predictions: take(predicted),
    weights: weights === null ? null : take(weights),
    sources: Int32Array.from(kept),
    leftOut: batch.rows - kept.length,
  };
}

/** The variance of squared errors takes the fourth power: of larger values than this it overflows. */
const LARGEST = 1e60;

function finiteOf(batch: ColumnBatch, name: string, role: string): Float64Array {
  const values = numbersOf(batch, name, role);
  const row = values.findIndex((value) => Math.abs(value) > LARGEST);
  if (row < 0) return values;
  const value = values[row] as number;
  const found = Number.isFinite(value)
    ? `holds ${value}, too much for an error to be squared,`
    : "is infinite";
  throw new AnswersError(name, `Column "${name}" ${found} in row ${row}: mend it, or make it missing.`);
}
