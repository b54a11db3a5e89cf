import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import type { Profile } from "./profile.ts";
import type { ProfileOptions } from "./profile-options.ts";
import { createProfiler } from "./profiler.ts";

/**
 * Summarises a table of plain arrays column by column, so that later windows can be judged without the table. The
 * same columns and seed give the same profile. Save it with `JSON.stringify`, read it with `parseProfile`; batches
 * that come one after the other go through `createProfiler`.
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
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when the columns differ in length, or a value is of no known kind
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range
 */
export function profileColumns(
  columns: Readonly<Record<string, ColumnValues>>,
  options: ProfileOptions,
): Profile {
  const profiler = createProfiler(options);
  profiler.add(batchOf(columns));
  return profiler.finish();
}
