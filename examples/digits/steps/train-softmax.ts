import type { StepContext } from "scanflow";
import { readDigits } from "./shared/digit-table.ts";
import { writeModel } from "./shared/model-file.ts";
import { type TrainingParams, trainNetwork } from "./shared/train.ts";

/** Trains multinomial logistic regression. */
export default async function trainSoftmax({
  inputs,
  outputs,
  params,
  metric,
  signal,
}: StepContext<"train" | "validation", "model", TrainingParams>) {
  const train = await readDigits(inputs.train);
  const validation = await readDigits(inputs.validation);
  const trained = await trainNetwork({ train, validation, hidden: [], params, signal, metric });
  await writeModel(outputs.model, { name: "softmax", network: trained.network, training: params });
  return { validationAccuracy: trained.validationAccuracy };
}
