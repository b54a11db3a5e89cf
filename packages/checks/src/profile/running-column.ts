import type { Column } from "../batch/column.ts";
import type { FloatSorter } from "../maths/sort.ts";
import { createRandom } from "../random/random.ts";
import type { ColumnProfile } from "./column-profile.ts";

/** How a column is to be summed up. */
export interface SummarySettings {
  readonly seed: number;
  /** Of the data's first row, so that each part of it has a stream of chance of its own. */
  readonly firstRow: number;
  readonly sort: FloatSorter;
  readonly name: string;
  /** Of the bins of a column of numbers or times; of the means, minima and maxima of tensors. */
  readonly cuts: readonly (readonly number[])[];
  /** Most texts counted one by one. */
  readonly categories: number;
}

/** One column while it is gathered. */
export interface RunningColumn<Kind extends Column = Column, Profile = ColumnProfile> {
  add(column: Kind, rows: number): void;
  close(): Profile;
}

/** What the quantile sketch of a column, or of a part of one, needs. */
export function chanceOf(
  stream: string,
  { seed, firstRow, sort }: Pick<SummarySettings, "seed" | "firstRow" | "sort">,
) {
  return { sort, random: () => createRandom(seed, `${stream}/${firstRow}`) };
}
