import { CLASSES, type DigitTable } from "./digit-table.ts";
import { rowOf } from "./matrix.ts";
import { type Network, predict } from "./network.ts";

/** How well a model reads a table of digits. */
export interface Score {
  /** Share of rows that are read right, 0 to 1. */
  readonly accuracy: number;
  /** Row: the digit it is; column: the digit it was taken for. */
  readonly confusion: readonly (readonly number[])[];
}

export function score(network: Network, { pixels, labels }: DigitTable): Score {
  const probabilities = predict(network, pixels);
  const confusion = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const values = rowOf(probabilities, row);
    const guess = values.indexOf(Math.max(...values));
    const counts = confusion[label] as number[];
    counts[guess] = (counts[guess] as number) + 1;
    right += guess === label ? 1 : 0;
  }
  return { accuracy: right / labels.length, confusion };
}
