import type { StepContext } from "scanflow";
import { readDigits } from "./shared/digit-table.ts";
import { readModel, writeJson } from "./shared/model-file.ts";
import { score } from "./shared/score.ts";

/** Scores both models: on validation data, to choose one, and on test data, to report. */
export default async function evaluate({
  inputs,
  outputs,
  metric,
}: StepContext<"softmax" | "mlp" | "validation" | "test", "evaluation">) {
  const validation = await readDigits(inputs.validation);
  const test = await readDigits(inputs.test);
  const softmax = (await readModel(inputs.softmax)).network;
  const mlp = (await readModel(inputs.mlp)).network;
  const evaluation = {
    softmax: { validation: score(softmax, validation), test: score(softmax, test) },
    mlp: { validation: score(mlp, validation), test: score(mlp, test) },
  };
  await writeJson(outputs.evaluation, evaluation);
  const accuracies = {
    softmaxValidation: evaluation.softmax.validation.accuracy,
    mlpValidation: evaluation.mlp.validation.accuracy,
    softmaxTest: evaluation.softmax.test.accuracy,
    mlpTest: evaluation.mlp.test.accuracy,
  };
  for (const [name, accuracy] of Object.entries(accuracies)) metric(name, accuracy);
  return accuracies;
}
