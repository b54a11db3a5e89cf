import type { StepContext } from "scanflow";
import { readDigits } from "./shared/digit-table.ts";
import { writeModel } from "./shared/model-file.ts";
import { type TrainingParams, trainNetwork } from "./shared/train.ts";

/** Trains a network with one hidden layer of `hidden` units. */
export default async function trainMlp({
  inputs,
  outputs,
  params,
  metric,
  signal,
}: StepContext<"train" | "validation", "model", TrainingParams & { readonly hidden: number }>) {
  const train = await readDigits(inputs.train);
  const validation = await readDigits(inputs.validation);
  const trained = await trainNetwork({ train, validation, hidden: [params.hidden], params, signal, metric });
  await writeModel(outputs.model, { name: "mlp", network: trained.network, training: params });
  return { validationAccuracy: trained.validationAccuracy };
}
