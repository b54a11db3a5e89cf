import { readFile } from "node:fs/promises";
import { batchOf, type ColumnBatch } from "@scanflow/checks";
import { featureRows, predictTrees, readLightgbm, type TreeEnsemble } from "@scanflow/checks/explain";
import { POSITIVE } from "./shared/people.ts";

const models = new Map<string, Promise<TreeEnsemble>>();

/** What the trees say of rows. It is the predictor of the model tests, and answers for the other steps, too. */
export default async function predict(
  rows: ColumnBatch,
  { inputs: { model: path = "" } }: { readonly inputs: Readonly<Record<string, string>> },
): Promise<ColumnBatch> {
  const model = models.get(path) ?? readFile(path, "utf8").then(readLightgbm);
  models.set(path, model);
  const trees = await model;
  const { values } = predictTrees(trees, featureRows(trees, rows));
  const probability = Array.from(values, (odds) => 1 / (1 + Math.exp(-odds)));
  return batchOf({ prediction: probability.map((p) => (p >= 0.5 ? POSITIVE : "<=50K")), probability });
}
