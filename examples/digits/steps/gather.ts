import type { StepContext } from "scanflow";
import { CLASSES, readDigits, writeDigits } from "./shared/digit-table.ts";

/** Takes in the raw digits: makes sure that they are what the rest counts on. */
export default async function gather({ inputs, outputs }: StepContext<"raw", "digits">) {
  const digits = await readDigits(inputs.raw);
  const outside = digits.pixels.values.findIndex((ink) => !Number.isInteger(ink) || ink < 0 || ink > 16);
  if (outside >= 0) {
    const line = Math.floor(outside / digits.pixels.columns) + 2;
    throw new Error(
      `${inputs.raw}, line ${line}: a pixel is not a whole number from 0 to 16. Mend the file.`,
    );
  }
  const classes = new Set(digits.labels).size;
  if (classes < CLASSES) {
    throw new Error(`${inputs.raw} shows ${classes} of the ${CLASSES} digits. Gather images of all of them.`);
  }
  await writeDigits(outputs.digits, digits);
  return { rows: digits.labels.length };
}
