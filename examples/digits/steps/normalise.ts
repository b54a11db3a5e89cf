import type { StepContext } from "scanflow";
import { readDigits, writeDigits } from "./shared/digit-table.ts";
import { writeJson } from "./shared/model-file.ts";
import { applyScaler, fitScaler } from "./shared/scaler.ts";

type Part = "train" | "validation" | "test";

/** Brings the pixels to mean 0 and standard deviation 1, as seen on the training part alone. */
export default async function normalise({ inputs, outputs }: StepContext<Part, Part | "scaler">) {
  const scaler = fitScaler((await readDigits(inputs.train)).pixels);
  await writeJson(outputs.scaler, scaler);
  for (const part of ["train", "validation", "test"] as const) {
    const { pixels, labels } = await readDigits(inputs[part]);
    await writeDigits(outputs[part], { pixels: applyScaler(scaler, pixels), labels });
  }
}
