import { readFileSync, writeFileSync } from "node:fs";
import type { StepContext } from "scanflow";

/** Says in a sentence what the project's model has learnt. */
export default function report({ inputs, outputs, params }: StepContext<"model", "report">) {
  const weights: Record<string, number> = JSON.parse(readFileSync(inputs.model, "utf8"));
  const square = Math.round(weights.area ?? 0);
  writeFileSync(outputs.report, `A square metre costs ${square}; R² is ${Number(params.r2).toFixed(3)}.\n`);
  return { square };
}
