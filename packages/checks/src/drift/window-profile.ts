import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Profile } from "../profile/profile.ts";
import { columnProfile } from "../profile/profile-parts.ts";
import { createProfiler } from "../profile/profiler.ts";
import { isComplete } from "./column-samples.ts";
import type { Obstacle } from "./drift-problem.ts";

/** Columns of one table as plain arrays, all of one length; `null`, `undefined` and NaN count as missing. */
export type WindowColumns = Readonly<Record<string, ColumnValues>>;

/** Most rows of a window that are compared value by value; beyond that, and for saved profiles, by bins. */
const MOST_ROWS = 50_000;

/** A window summed up as it is compared with the reference, and what of it cannot be. */
export interface WindowProfile {
  readonly profile: Profile;
  readonly obstacles: ReadonlyMap<string, Obstacle>;
}

/** Profiles a window in the reference's bins. */
export function profileWindow(
  current: Profile | ColumnBatch | WindowColumns,
  reference: Profile,
): WindowProfile {
  if (isProfile(current)) return { profile: current, obstacles: new Map() };
  if (isBatch(current)) return { profile: profileBatch(current, reference), obstacles: new Map() };
  const entries = Object.entries(current).filter(([, values]) => isList(values));
  const rows = entries[0]?.[1].length ?? 0;
  const obstacles = new Map(
    entries.flatMap(([name, values]): [string, Obstacle][] => {
      const obstacle = misshapen(values, rows) ?? wrongValue(values, columnProfile(reference, name)?.kind);
      return obstacle === null ? [] : [[name, obstacle]];
    }),
  );
  const sound = entries.filter(([name]) => !obstacles.has(name));
  return { profile: profileBatch(batchOf(Object.fromEntries(sound)), reference), obstacles };
}

function profileBatch(batch: ColumnBatch, like: Profile): Profile {
  const kept = isComplete(like) ? Math.min(batch.rows, MOST_ROWS) : 1_000;
  const profiler = createProfiler({ seed: like.seed, like, sampleSize: Math.max(1, kept) });
  profiler.add(batch);
  return profiler.finish();
}

function isProfile(value: Profile | ColumnBatch | WindowColumns): value is Profile {
  return "format" in value && value.format === "scanflow-profile";
}

function isBatch(value: ColumnBatch | WindowColumns): value is ColumnBatch {
  return typeof value.rows === "number" && Array.isArray(value.columns);
}

function isList(values: unknown): values is ColumnValues {
  return typeof values === "object" && values !== null && "length" in values;
}

function misshapen(values: ColumnValues, rows: number): Obstacle | null {
  if (values.length === rows) return null;
  return {
    code: "length-mismatch",
    message: `it has ${values.length} rows, the first column ${rows}: give columns of one window, null where a value is missing`,
  };
}

/** Where the reference has numbers, the first value that is none. */
function wrongValue(values: ColumnValues, kind: string | undefined): Obstacle | null {
  if (kind !== "number" || values instanceof Float64Array) return null;
  for (let row = 0; row < values.length; row += 1) {
    const value: unknown = values[row];
    if (value === null || value === undefined || typeof value === "number" || typeof value === "bigint")
      continue;
    return {
      code: "wrong-type",
      message: `row ${row} holds ${JSON.stringify(value)}, not a number: convert it, or leave the column out`,
    };
  }
  return null;
}
