import type { StepContext } from "scanflow";
import { CLASSES, pickDigits, readDigits, writeDigits } from "./shared/digit-table.ts";
import { createRandom, shuffled } from "./shared/random.ts";

type Params = { readonly seed: number; readonly validationShare: number; readonly testShare: number };

/** Deals the digits out to training, validation and test, each with its share of every digit. */
export default async function split({
  inputs,
  outputs,
  params,
}: StepContext<"digits", "train" | "validation" | "test", Params>) {
  const digits = await readDigits(inputs.digits);
  const random = createRandom(params.seed);
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (let label = 0; label < CLASSES; label += 1) {
    const rows = Array.from(digits.labels.keys()).filter((row) => digits.labels[row] === label);
    const order = Array.from(shuffled(rows.length, random), (place) => rows[place] as number);
    const validation = Math.round(rows.length * params.validationShare);
    const test = Math.round(rows.length * params.testShare);
    if (rows.length < validation + test + 1) {
      throw new Error("validationShare and testShare leave nothing to train on: make them smaller.");
    }
    parts.validation.push(...order.slice(0, validation));
    parts.test.push(...order.slice(validation, validation + test));
    parts.train.push(...order.slice(validation + test));
  }
  for (const part of ["train", "validation", "test"] as const) {
    const rows = parts[part].sort((a, b) => a - b);
    await writeDigits(outputs[part], pickDigits(digits, rows));
  }
  return { train: parts.train.length, validation: parts.validation.length, test: parts.test.length };
}
