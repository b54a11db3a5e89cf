import { checkBatch } from "../batch/check-batch.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Profile } from "../profile/profile.ts";
import type { ProfileOptions } from "../profile/profile-options.ts";
import { createProfiler } from "../profile/profiler.ts";
import type { Dataset } from "./checker.ts";

/** All rows, batches of one table, or a function that reads them from the start. */
export type BatchSource = ColumnBatch | readonly ColumnBatch[] | (() => AsyncIterable<ColumnBatch>);

/**
 * A table as checkers take it. Its profile is made when it is first asked for, and kept. One that is made like another
 * keeps as many rows, whatever the options say. Rows that are not what they say they are, such as a column of another
 * length than its batch, end the reading with SCANFLOW_COLUMN_INVALID.
 *
 * ```ts
 * import { batchOf, datasetOf } from "@scanflow/checks";
 *
 * const window = datasetOf("monday", batchOf({ age: [31, 54, 28] }));
 * console.log((await window.profile()).rows); // 3
 * ```
 *
 * @param name for messages
 */
export function datasetOf(
  name: string,
  source: BatchSource,
  options: Omit<ProfileOptions, "like"> = { seed: 1 },
): Dataset {
  const read = readerOf(source);
  const alike = new WeakMap<Profile, Promise<Profile>>();
  let own: Promise<Profile> | undefined;

  async function make(like?: Profile): Promise<Profile> {
    const size = like && { sampleSize: like.sample.limit };
    const profiler = createProfiler({ ...options, ...size, like });
    for await (const batch of read()) profiler.add(batch);
    return profiler.finish();
  }

  function profile(like?: Profile): Promise<Profile> {
    if (like === undefined) {
      own ??= make();
      return own;
    }
    const made = alike.get(like) ?? make(like);
    alike.set(like, made);
    return made;
  }

  return { name, batches: () => checkedRows(read()), profile };
}

/** The one door by which rows come to checkers; the profiler looks at what it is given by itself. */
async function* checkedRows(batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
  for await (const batch of batches) {
    checkBatch(batch);
    yield batch;
  }
}

function readerOf(source: BatchSource): () => AsyncIterable<ColumnBatch> {
  if (typeof source === "function") return source;
  const list = "rows" in source ? [source] : source;
  return async function* read() {
    yield* list;
  };
}

/** A table of which only its profile was kept: what needs rows takes those of its sample. */
export function datasetOfProfile(name: string, profile: Profile): Dataset {
  return { name, batches: null, profile: () => Promise.resolve(profile) };
}
