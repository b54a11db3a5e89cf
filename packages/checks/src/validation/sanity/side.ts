import type { ColumnBatch } from "../../batch/column-batch.ts";
import type { Dataset } from "../../checker/checker.ts";
import type { Profile } from "../../profile/profile.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";

/** A table as it is judged: its profile, and the rows that this keeps. */
export interface Side {
  readonly name: string;
  readonly dataset: Dataset;
  readonly profile: Profile;
  /** A uniform sample; row i is the row `profile.sample.rows[i]` of the data. */
  readonly sample: ColumnBatch;
}

export async function sideOf(dataset: Dataset): Promise<Side> {
  const profile = await dataset.profile();
  return { name: dataset.name, dataset, profile, sample: sampleBatch(profile) };
}

/** Numbers from 1 of the first of some sampled rows. @param chosen whether it is one of them, by row of the sample */
export function firstRowsOf({ profile }: Side, chosen: (row: number) => boolean): number[] {
  const rows = profile.sample.rows.filter((_, row) => chosen(row)).sort((a, b) => a - b);
  return rows.slice(0, 10).map((row) => row + 1);
}
