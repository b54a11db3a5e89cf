import type { Answers } from "../../answers/answers.ts";
import { AnswersError } from "../../answers/answers-error.ts";
import { brierScores, logLosses } from "../../answers/probability-losses.ts";

/** What a row costs: 1 for a wrong class; a loss of its probabilities; or how far a value is off. */
export type LossName = "error" | "log-loss" | "brier" | "absolute-error" | "squared-error";

export const LOSS_NAMES: readonly LossName[] = [
  "error",
  "log-loss",
  "brier",
  "absolute-error",
  "squared-error",
];

/**
 * The loss of each labelled row.
 *
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID for a loss that does not fit the task or needs probabilities
 */
export function rowLosses(answers: Answers, loss: LossName): Float64Array {
  if (answers.task === "regression") {
    if (loss !== "absolute-error" && loss !== "squared-error") throw unfit(loss, "values");
    const power = loss === "squared-error" ? 2 : 1;
    return answers.predictions.map((said, row) => Math.abs(said - (answers.labels[row] as number)) ** power);
  }
  const { labels, predictions, probabilities } = answers;
  if (loss === "error") return Float64Array.from(labels, (label, row) => Number(label !== predictions[row]));
  if (loss !== "log-loss" && loss !== "brier") throw unfit(loss, "classes");
  if (probabilities === null)
    throw new AnswersError("", `The loss "${loss}" needs probabilities: name their columns, or use "error".`);
  return loss === "brier" ? brierScores(answers) : logLosses(answers);
}

function unfit(loss: LossName, kind: string): AnswersError {
  return new AnswersError(
    "",
    `The loss "${loss}" does not fit ${kind}: use ${kind === "values" ? "absolute-error" : "error"}.`,
  );
}
