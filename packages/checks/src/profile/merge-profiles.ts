import { mergeColumns } from "./merge-columns.ts";
import { mergeSegmentations } from "./merge-segmentations.ts";
import type { Profile } from "./profile.ts";
import { columnProfile } from "./profile-parts.ts";
import { sampleBatch } from "./sample-columns.ts";
import { sampleRows } from "./sample-rows.ts";
import { unlike } from "./unlike-profiles.ts";

/**
 * The profile of two parts of the data together, as if it had been made in one go: everything is the same, but for
 * the quantile sketch (its error stays the same, see `quantile`), categories beyond the capacity (of a slice beyond 100) and
 * the last digits of the moments. Parts are profiled with the same seed and options, `like` one of them, and say where they begin by `firstRow`.
 *
 * ```ts
 * import { mergeProfiles, profileColumns } from "@scanflow/checks";
 *
 * const monday = profileColumns({ age: [31, 54] }, { seed: 1 });
 * const tuesday = profileColumns({ age: [28, 61] }, { seed: 1, like: monday, firstRow: 2 });
 * console.log(mergeProfiles(monday, tuesday).rows); // 4
 * ```
 *
 * @throws ChecksError SCANFLOW_PROFILES_UNLIKE when the two differ in their columns, bins, seed or settings, or are of
 * the same rows
 */
export function mergeProfiles(first: Profile, second: Profile): Profile {
  needSame("seed", first.seed, second.seed);
  needSame("sampleSize", first.sample.limit, second.sample.limit);
  const spans = mergeSpans(first.spans, second.spans);
  needSameColumns(first, second);
  const columns = first.columns.map((column) => {
    const other = columnProfile(second, column.name);
    return other === undefined ? column : mergeColumns(column, other, first.seed);
  });
  const sample = sampleRows(first.sample.limit, first.seed);
  for (const part of [first, second]) sample.add(sampleBatch(part), part.sample.rows);
  return {
    format: "scanflow-profile",
    version: 2,
    seed: first.seed,
    rows: first.rows + second.rows,
    spans,
    columns,
    sample: sample.close(columns),
    segmentations: mergeSegmentations(first.segmentations, second.segmentations, columns),
  };
}

function needSameColumns(first: Profile, second: Profile): void {
  for (const [side, profile, other] of [
    ["first", first, second],
    ["second", second, first],
  ] as const) {
    const alone = profile.columns.find(({ name }) => columnProfile(other, name) === undefined);
    if (alone === undefined) continue;
    throw unlike(`Column "${alone.name}" is only in the ${side} profile`, "merge profiles of one table");
  }
}

function needSame(option: string, first: number, second: number): void {
  if (first === second) return;
  throw unlike(
    `The "${option}" of the profiles are ${first} and ${second}`,
    "profile both parts with the same one",
  );
}

function mergeSpans(first: Profile["spans"], second: Profile["spans"]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...first, ...second].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from < last[1]) {
      throw unlike(
        `Row ${from} of the data is in both profiles`,
        "say by `firstRow` at which row of the whole data a part begins",
      );
    }
    if (last !== undefined && from === last[1]) last[1] = to;
    else merged.push([from, to]);
  }
  return merged;
}
