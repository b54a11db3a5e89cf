import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Profile } from "../profile/profile.ts";
import type { ProfileOptions } from "../profile/profile-options.ts";
import { createProfiler } from "../profile/profiler.ts";
import type { Dataset } from "./checker.ts";

/**
 * A table in memory as checkers take it. Its profile is made when it is first asked for.
 *
 * ```ts
 * import { batchOf, datasetOf } from "@scanflow/checks";
 *
 * const window = datasetOf("monday", batchOf({ age: [31, 54, 28] }));
 * console.log((await window.profile()).rows); // 3
 * ```
 *
 * @param data all rows, or batches of one table
 */
export function datasetOf(
  name: string,
  data: ColumnBatch | readonly ColumnBatch[],
  options: Omit<ProfileOptions, "like"> = { seed: 1 },
): Dataset {
  const list: readonly ColumnBatch[] = "rows" in data ? [data] : data;
  const profiles = new Map<Profile | undefined, Promise<Profile>>();
  async function* batches(): AsyncGenerator<ColumnBatch> {
    yield* list;
  }
  async function make(like?: Profile): Promise<Profile> {
    const profiler = createProfiler({ ...options, like });
    for (const batch of list) profiler.add(batch);
    return profiler.finish();
  }
  function profile(like?: Profile): Promise<Profile> {
    const made = profiles.get(like) ?? make(like);
    profiles.set(like, made);
    return made;
  }
  return { name, batches, profile };
}

/** A table of which only its profile was kept: what needs rows takes those of its sample. */
export function datasetOfProfile(name: string, profile: Profile): Dataset {
  return { name, batches: null, profile: () => Promise.resolve(profile) };
}
