import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Answers } from "./answers.ts";
import { AnswersError } from "./answers-error.ts";
import type { ModelRoles } from "./model-roles.ts";
import { readClassAnswers } from "./read-class-answers.ts";
import { readValueAnswers } from "./read-value-answers.ts";

/**
 * What a model said and what was true, out of a table's columns. Rows without a prediction are left out and counted;
 * those without a label stay.
 *
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID when a column is missing, empty or of a wrong kind, a probability is
 * not from 0 to 1, or the positive class is not known
 */
export function readAnswers(batch: ColumnBatch, roles: ModelRoles): Answers {
  return roles.task === "regression" ? readValueAnswers(batch, roles) : readClassAnswers(batch, roles);
}

/** Only the rows that have a label. @throws ChecksError SCANFLOW_ANSWERS_INVALID when there is none */
export function labelled(answers: Answers, label: string): Answers {
  const rows: number[] = [];
  const { labels } = answers;
  for (let row = 0; row < answers.rows; row += 1) {
    const value = labels[row] as number;
    if (answers.task === "classification" ? value >= 0 : !Number.isNaN(value)) rows.push(row);
  }
  if (rows.length === 0) {
    throw new AnswersError(
      label,
      `Column "${label}" has no label in any row with a prediction: wait for labels, or estimate without them.`,
    );
  }
  return rows.length === answers.rows ? answers : takeAnswers(answers, rows);
}

/** The answers of some rows, in that order. */
export function takeAnswers<Kind extends Answers>(answers: Kind, rows: ArrayLike<number>): Kind {
  const floats = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number);
  const whole = (values: Int32Array) => Int32Array.from(rows, (row) => values[row] as number);
  const weights = answers.weights === null ? null : floats(answers.weights);
  const sources = whole(answers.sources);
  if (answers.task === "regression") {
    const { labels, predictions } = answers;
    return {
      ...answers,
      rows: rows.length,
      weights,
      sources,
      labels: floats(labels),
      predictions: floats(predictions),
    };
  }
  return {
    ...answers,
    rows: rows.length,
    weights,
    sources,
    labels: whole(answers.labels),
    predictions: whole(answers.predictions),
    probabilities: answers.probabilities?.map(floats) ?? null,
  };
}
