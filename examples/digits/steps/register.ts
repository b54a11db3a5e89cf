import { readFile } from "node:fs/promises";
import { parseVerdict } from "@scanflow/checks";
import type { StepContext } from "scanflow";
import { CLASSES, PIXELS } from "./shared/digit-table.ts";
import { readJson, readModel, writeJson } from "./shared/model-file.ts";
import type { Scaler } from "./shared/scaler.ts";
import type { Score } from "./shared/score.ts";

type Inputs = "model" | "scaler" | "evaluation" | "verdict";
type Evaluation = Record<string, Record<"validation" | "test", Score>>;

/** Puts the chosen model and its scaler into one file that reads raw pixels, with a card that says what it is. */
export default async function register({
  inputs,
  outputs,
  metric,
  tag,
}: StepContext<Inputs, "model" | "card">) {
  const { name, network, training } = await readModel(inputs.model);
  const evaluation = await readJson<Evaluation>(inputs.evaluation);
  const scores = evaluation[name];
  if (scores === undefined) throw new Error(`The evaluation has no scores of "${name}": evaluate it first.`);
  const verdict = parseVerdict(await readFile(inputs.verdict, "utf8"));

  await writeJson(outputs.model, {
    name,
    features: PIXELS,
    classes: Array.from({ length: CLASSES }, (_, digit) => digit),
    scaler: await readJson<Scaler>(inputs.scaler),
    sizes: network.sizes,
    activations: ["tanh", "softmax"].slice(-network.sizes.length + 1),
    parameters: Array.from(network.parameters),
  });
  await writeJson(outputs.card, {
    model: name,
    task: "Tells which digit an 8 x 8 image of handwriting shows.",
    input: "64 pixels, row by row, each the amount of ink from 0 to 16.",
    data: "UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak 1998), the 1,797 images in scikit-learn.",
    training,
    chosenBy: "accuracy on validation data",
    accuracy: { validation: scores.validation.accuracy, test: scores.test.accuracy },
    confusionOnTest: scores.test.confusion,
    drift: { status: verdict.status, message: verdict.message },
    limits: "Pre-segmented, centred digits of 13 writers. Not for whole numbers, other scales or other pens.",
  });

  for (const [other, { validation, test }] of Object.entries(evaluation)) {
    const chosen = other === name ? "  chosen" : "";
    console.log(`${other.padEnd(8)} validation ${figure(validation)}  test ${figure(test)}${chosen}`);
  }
  console.log(`test accuracy ${figure(scores.test)}`);
  metric("testAccuracy", scores.test.accuracy);
  tag("model", name);
  return { model: name, testAccuracy: scores.test.accuracy };
}

function figure({ accuracy }: Score): string {
  return accuracy.toFixed(4);
}
