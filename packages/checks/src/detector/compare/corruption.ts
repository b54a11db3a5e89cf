import type { Random } from "../../random/random.ts";
import type { RowColumn } from "../rows/row-columns.ts";
import type { RowBlock } from "../run-rows.ts";

export interface CorruptionInput {
  readonly rows: RowBlock;
  readonly columns: readonly RowColumn[];
  readonly image: readonly number[] | null;
  /** Of each number of a row, over the reference. */
  readonly spread: Float64Array;
  readonly random: Random;
}

/** Something that goes wrong with data, done to every row. */
export interface Corruption {
  readonly name: string;
  readonly apply: (input: CorruptionInput) => Float32Array;
}
