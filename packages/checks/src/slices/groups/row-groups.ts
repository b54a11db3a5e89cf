import { AnswersError } from "../../answers/answers-error.ts";
import { nameText } from "../../json/quoted.ts";
import { describeSlice, type SliceCondition } from "../table/slice-condition.ts";
import type { SliceFeature, SliceTable } from "../table/slice-table.ts";

/** Rows in groups. */
export interface RowGroups {
  /** What they are grouped by, such as `sex` or `sex, race`. */
  readonly column: string;
  readonly names: readonly string[];
  /** By row of the table, an index into `names`. */
  readonly codes: ArrayLike<number>;
}

/**
 * Groups rows by a column, or by the combinations of several.
 *
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID when a column is not in the table, or has one value only
 */
export function rowGroups({ rows, features }: SliceTable, columns: readonly string[]): RowGroups {
  const chosen = columns.map((name): SliceFeature => {
    const feature = features.find(({ column }) => column === name);
    if (feature !== undefined) return feature;
    throw new AnswersError(
      name,
      `Column "${name}" does not divide the rows: it has one value. Name another, or give more rows.`,
    );
  });
  const codes = new Uint32Array(rows);
  let names = [""];
  for (const { parts, codes: own } of chosen) {
    for (let row = 0; row < rows; row += 1)
      codes[row] = (codes[row] as number) * parts.length + (own[row] as number);
    names = names.flatMap((before) =>
      parts.map((part) => [before, nameOf(part)].filter((name) => name !== "").join(", ")),
    );
  }
  return { column: columns.join(", "), names, codes };
}

function nameOf(part: SliceCondition): string {
  return part.kind === "is" ? part.values.map(nameText).join(" or ") : describeSlice([part]);
}
