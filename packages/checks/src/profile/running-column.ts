import type { Column } from "../batch/column.ts";
import type { FloatSorter } from "../maths/sort.ts";
import { createRandom, type Random } from "../random/random.ts";
import type { ChosenCuts } from "./choose-cuts.ts";
import type { ColumnProfile } from "./column-profile.ts";

/** How a column is to be summed up. */
export interface SummarySettings {
  readonly seed: number;
  /** Of the data's first row, so that each part of it has a stream of chance of its own. */
  readonly firstRow: number;
  readonly sort: FloatSorter;
  readonly name: string;
  readonly cuts: ChosenCuts;
  /** Most texts counted one by one. */
  readonly categories: number;
}

/** One column while it is gathered. */
export interface RunningColumn<Kind extends Column = Column, Profile = ColumnProfile> {
  add(column: Kind, rows: number): void;
  close(): Profile;
}

/** How the numbers of a column are to be summed up, or a part of them. */
export interface NumberSettings {
  readonly cuts: readonly number[];
  /** To how many bins neighbours are joined in the end. */
  readonly bins: number;
  readonly sort: FloatSorter;
  /** Makes the stream of chance of the quantile sketch. */
  readonly random: () => Random;
}

/** @param place of the cuts among those chosen */
export function numberSettings(
  stream: string,
  place: number,
  { seed, firstRow, sort, cuts }: SummarySettings,
): NumberSettings {
  const random = () => createRandom(seed, `${stream}/${firstRow}`);
  return { cuts: cuts.lists[place] ?? [], bins: cuts.bins, sort, random };
}
