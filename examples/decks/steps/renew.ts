import { readFile, writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
import { accuracyOf, fitModel, type Model } from "./shared/model.ts";
import { readShapes } from "./shared/shape-table.ts";

/** Sees which of two models does better on these shapes, and fits that kind of model to them. */
export default async function renew({
  inputs,
  outputs,
  metric,
  tag,
}: StepContext<"shapes" | "first" | "second", "model">) {
  const { training, validation, test } = await readShapes(inputs.shapes);
  const first = await readModel(inputs.first);
  const second = await readModel(inputs.second);
  const before = { first: accuracyOf(first, validation), second: accuracyOf(second, validation) };
  const { method } = before.second > before.first ? second : first;
  const renewed = fitModel(method, training);
  await writeFile(outputs.model, JSON.stringify(renewed));
  const accuracy = accuracyOf(renewed, test);
  metric("firstAccuracy", before.first);
  metric("secondAccuracy", before.second);
  metric("accuracy", accuracy);
  tag("method", method);
  console.log(`${method} is the better: accuracy ${accuracy.toFixed(3)} on ${test.length} images`);
  return { method, accuracy };
}

async function readModel(path: string): Promise<Model> {
  return JSON.parse(await readFile(path, "utf8"));
}
