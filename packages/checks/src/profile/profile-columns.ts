import { ChecksError } from "../errors.ts";
import { createRandom } from "../random/random.ts";
import { countInBins, fairCuts } from "./histogram.ts";
import type { ColumnProfile, NumericColumn, NumericColumns, Profile } from "./profile.ts";
import { drawReservoir } from "./reservoir.ts";
import { scanColumn } from "./scan-column.ts";

/** Settings of `profileColumns`. */
export interface ProfileOptions {
  /** Of the reservoirs: a whole number. Each column draws its own stream, so adding a column changes no other. */
  readonly seed: number;
  /** Values kept per column, 1 or more; default 1,000. */
  readonly sampleSize?: number;
  /** Most bins per column, 1 or more; default 20. */
  readonly bins?: number;
}

/**
 * Summarises a reference table column by column, so that `checkDrift` can judge later windows without the table.
 * The same columns and seed give the same profile. Save it with `JSON.stringify`, read it with `parseProfile`.
 *
 * ```ts
 * import { checkDrift, profileColumns } from "@scanflow/checks";
 *
 * const age = Float64Array.from({ length: 500 }, (_, row) => 20 + (row % 50));
 * const profile = profileColumns({ age }, { seed: 1 });
 * const older = age.map((years) => years + 10);
 * console.log(checkDrift(profile, { age: older }).status); // "alarm"
 * ```
 *
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when a column holds something that is no number, or the columns
 * differ in length
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range
 */
export function profileColumns(
  columns: NumericColumns,
  { seed, sampleSize = 1_000, bins = 20 }: ProfileOptions,
): Profile {
  for (const [name, value] of Object.entries({ seed, sampleSize, bins })) {
    const least = name === "seed" ? Number.MIN_SAFE_INTEGER : 1;
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new ChecksError(
      "SCANFLOW_CHECK_OPTION_INVALID",
      `profileColumns: "${name}" is ${value}: give a whole number${name === "seed" ? "" : " from 1 on"}.`,
    );
  }
  const entries = Object.entries(columns);
  checkLengths(entries);
  const profiled = entries.map(([name, column]) => [
    name,
    profileColumn(name, column, { seed, sampleSize, bins }),
  ]);
  return { format: "scanflow-profile", version: 1, seed, columns: Object.fromEntries(profiled) };
}

function profileColumn(
  name: string,
  column: NumericColumn,
  { seed, sampleSize, bins }: Required<ProfileOptions>,
): ColumnProfile {
  const { finite, nulls, infinite, wrong } = scanColumn(column);
  if (wrong !== null) {
    throw new ChecksError(
      "SCANFLOW_COLUMN_INVALID",
      `Column "${name}" holds ${JSON.stringify(wrong.value)} in row ${wrong.row}: profile columns of numbers only.`,
    );
  }
  const sorted = finite.slice().sort();
  return {
    count: sorted.length,
    nulls,
    infinite,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    ...moments(finite),
    sample: drawReservoir(finite, sampleSize, createRandom(seed, name)),
    histogram: countInBins(sorted, fairCuts(sorted, bins)),
  };
}

/** Mean and standard deviation in one stable pass (Welford 1962). */
function moments(values: Float64Array): Pick<ColumnProfile, "mean" | "sd"> {
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    const delta = value - mean;
    mean += delta / (index + 1);
    squares += delta * (value - mean);
  }
  const sd = Math.sqrt(squares / (values.length - 1));
  return {
    mean: values.length > 0 && Number.isFinite(mean) ? mean : null,
    sd: values.length > 1 && Number.isFinite(sd) ? sd : null,
  };
}

function checkLengths(columns: readonly (readonly [string, NumericColumn])[]): void {
  const first = columns[0];
  const other = columns.find(([, column]) => column.length !== first?.[1].length);
  if (first === undefined || other === undefined) return;
  throw new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `Column "${other[0]}" has ${other[1].length} rows, but "${first[0]}" has ${first[1].length}: ` +
      "give columns of one table, with null where a value is missing.",
  );
}
