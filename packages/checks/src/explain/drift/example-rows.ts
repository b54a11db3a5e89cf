import { cellOf } from "../../batch/cell-of.ts";
import type { Column } from "../../batch/column.ts";
import { columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import type { JsonValue } from "../../json/json.ts";
import type { Profile } from "../../profile/profile.ts";
import { columnProfile } from "../../profile/profile-parts.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";
import type { ColumnChange } from "./column-change.ts";
import { nameCategory } from "./name-bins.ts";

/** A row of the window that is typical of the change. */
export type ExampleRow = {
  /** Its place in the window's data. */
  readonly row: number;
  /** How much likelier such a row is in the window, taking its columns for independent: the product of the odds. */
  readonly odds: number;
  readonly values: Readonly<Record<string, JsonValue>>;
};

/**
 * Rows of the window's sample whose bins became most frequent, each with other bins than those before it.
 *
 * @param changes the columns by which to judge
 */
export function exampleRows(
  { reference, window }: { readonly reference: Profile; readonly window: Profile },
  changes: readonly ColumnChange[],
  most: number,
): ExampleRow[] {
  const batch = sampleBatch(window);
  const readers = changes.flatMap(({ column: name, bins }) => {
    const column = columnOf(batch, name);
    const cuts = cutsOf(reference, name);
    // Half a row on either side, so that a bin that was empty does not make a row endlessly likely.
    const odds = bins.map((bin) =>
      Math.log((bin.window + 0.5 / window.rows) / (bin.reference + 0.5 / reference.rows)),
    );
    const parts = bins.map(({ part }) => part);
    return column === undefined
      ? []
      : [{ odds, binOf: (row: number) => binOf(column, row, { cuts, parts }) }];
  });
  const scored = window.sample.rows.map((place, row) => {
    const bins = readers.map((reader) => reader.binOf(row));
    const score = readers.reduce((sum, { odds }, at) => sum + (odds[bins[at] ?? 0] ?? 0), 0);
    return { row, place, score, signature: bins.join(" ") };
  });
  const seen = new Set<string>();
  const chosen: ExampleRow[] = [];
  for (const { row, place, score, signature } of scored.toSorted(
    (a, b) => b.score - a.score || a.place - b.place,
  )) {
    if (chosen.length >= most || score <= 0) break;
    if (seen.has(signature)) continue;
    seen.add(signature);
    const shown = batch.columns.filter(({ kind }) => kind !== "tensor");
    const values = Object.fromEntries(shown.map((column) => [column.name, cellOf(column, row)]));
    chosen.push({ row: place, odds: Math.exp(score), values });
  }
  return chosen;
}

function cutsOf(profile: Profile, name: string): readonly number[] {
  const column = columnProfile(profile, name);
  if (column?.kind === "tensor") return column.means.histogram.cuts;
  return column?.kind === "number" || column?.kind === "time" ? column.histogram.cuts : [];
}

/** The bin of one row; -1 when it has none. The last bin is that of missing values. */
function binOf(
  column: Column,
  row: number,
  { cuts, parts }: { readonly cuts: readonly number[]; readonly parts: readonly string[] },
): number {
  if (!isValid(column.validity, row)) return parts.length - 1;
  if (column.kind === "boolean") return column.values[row] === 1 ? 0 : 1;
  if (column.kind === "text") {
    const bin = parts.indexOf(nameCategory(column.dictionary[column.codes[row] ?? 0] ?? ""));
    return bin >= 0 ? bin : parts.indexOf("all others");
  }
  const value = column.kind === "tensor" ? meanOf(column, row) : (column.values[row] as number);
  if (Number.isNaN(value)) return parts.length - 1;
  if (!Number.isFinite(value)) return parts.length - 2;
  return cuts.findLastIndex((cut) => cut <= value) + 1;
}

function meanOf({ values, shape }: Extract<Column, { kind: "tensor" }>, row: number): number {
  const size = shape.reduce((product, side) => product * side, 1);
  return values.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value, 0) / size;
}
