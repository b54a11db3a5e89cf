import type { ColumnBatch } from "../../batch/column-batch.ts";
import { isValid, noneValid, setValid } from "../../batch/validity.ts";
import type { Dataset } from "../../checker/checker.ts";
import type { Profile } from "../../profile/profile.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";

/** A table as it is judged: its profile, and the rows that this keeps. */
export interface Side {
  readonly name: string;
  readonly dataset: Dataset;
  readonly profile: Profile;
  /** A uniform sample; row i is the row `profile.sample.rows[i]` of the data. What is not finite is missing. */
  readonly sample: ColumnBatch;
}

export async function sideOf(dataset: Dataset): Promise<Side> {
  const profile = await dataset.profile();
  return { name: dataset.name, dataset, profile, sample: finite(sampleBatch(profile)) };
}

/** `validate` finds numbers that are none; here they are no values of a size. */
function finite({ rows, columns }: ColumnBatch): ColumnBatch {
  return {
    rows,
    columns: columns.map((column) => {
      if (column.kind !== "number" && column.kind !== "time") return column;
      const { values } = column;
      if (values.every(Number.isFinite)) return column;
      const validity = noneValid(rows);
      for (let row = 0; row < rows; row += 1)
        if (Number.isFinite(values[row]) && isValid(column.validity, row)) setValid(validity, row);
      return {
        ...column,
        validity,
        values: values.map((value) => (Number.isFinite(value) ? value : Number.NaN)),
      };
    }),
  };
}

/** Numbers from 1 of the first of some sampled rows. @param chosen whether it is one of them, by row of the sample */
export function firstRowsOf({ profile }: Side, chosen: (row: number) => boolean): number[] {
  const rows = profile.sample.rows.filter((_, row) => chosen(row)).sort((a, b) => a - b);
  return rows.slice(0, 10).map((row) => row + 1);
}
