import type { Matrix } from "../../maths/matrix.ts";
import type { Signal } from "../../signal.ts";
import { askPredictor, type Predict } from "../predict.ts";
import type { Coalitions } from "./coalitions.ts";

/** A row to explain: its groups of columns are the players, those outside a coalition come from the background. */
export interface MaskedGame {
  readonly predict: Predict;
  readonly outputs: number;
  readonly background: Matrix;
  readonly row: Float64Array;
  readonly groups: readonly (readonly number[])[];
  readonly signal: Signal | undefined;
}

/** Cells of one question to the predictor: 16 MB. */
const CELLS = 2_000_000;

/** @returns the mean answer over the background per coalition: coalitions × outputs */
export async function askMasked(
  { predict, outputs, background, row, groups, signal }: MaskedGame,
  { players, masks, weights }: Coalitions,
): Promise<Float64Array> {
  const count = weights.length;
  const means = new Float64Array(count * outputs);
  const perQuestion = Math.max(1, Math.floor(CELLS / background.values.length));
  for (let first = 0; first < count; first += perQuestion) {
    signal?.throwIfAborted();
    const asked = Math.min(perQuestion, count - first);
    const values = new Float64Array(asked * background.values.length);
    for (let at = 0; at < asked; at += 1) {
      const block = values.subarray(at * background.values.length, (at + 1) * background.values.length);
      block.set(background.values);
      groups.forEach((columns, player) => {
        if (masks[(first + at) * players + player] === 1) reveal(block, { row, columns });
      });
    }
    const rows = asked * background.rows;
    const answer = await askPredictor(predict, { rows, columns: background.columns, values }, outputs);
    for (let at = 0; at < answer.values.length; at += 1) {
      const coalition = first + Math.floor(at / (background.rows * outputs));
      const place = coalition * outputs + (at % outputs);
      means[place] = (means[place] as number) + (answer.values[at] as number) / background.rows;
    }
  }
  return means;
}

function reveal(
  block: Float64Array,
  { row, columns }: { readonly row: Float64Array; readonly columns: readonly number[] },
): void {
  for (const column of columns) {
    for (let at = column; at < block.length; at += row.length) block[at] = row[column] as number;
  }
}
