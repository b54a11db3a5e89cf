import { writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { accuracyOf, fitModel, type Method } from "./shared/model.ts";
import { readShapes } from "./shared/shape-table.ts";

type Params = { readonly method: Method };

/** Learns to tell by its shape what an image shows. */
export default async function model({
  inputs,
  outputs,
  params,
  metric,
}: StepContext<"shapes", "model", Params>) {
  const { training, test } = await readShapes(inputs.shapes);
  const learned = fitModel(params.method, training);
  await writeFile(outputs.model, JSON.stringify(learned));
  const accuracy = accuracyOf(learned, test);
  metric("accuracy", accuracy);
  console.log(`${params.method}: accuracy ${accuracy.toFixed(3)} on ${test.length} images`);
  return { method: params.method, accuracy };
}
