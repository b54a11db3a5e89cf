import type { Context } from "../context.ts";
import { versionTables } from "./load-models.ts";
import { deletedStage } from "./model.ts";

/** A version by its model's name, and the run that it was registered from. */
export interface VersionOfRun {
  readonly runId: string;
  readonly name: string;
  readonly version: number;
}

/** The versions registered from runs' artifacts, by name and number; those that were deleted are left out. */
export async function versionsOfRuns({ store }: Context, runIds: readonly string[]): Promise<VersionOfRun[]> {
  const found: VersionOfRun[] = [];
  for (let from = 0; from < runIds.length; from += 1000) {
    const some = runIds.slice(from, from + 1000);
    found.push(
      ...(await store.read<{ runId: string; name: string; version: number }>(
        `SELECT v.run_id AS "runId", m.name, v.version FROM ${versionTables}
          WHERE v.run_id IN (${some.map(() => "?").join(", ")}) AND v.stage <> '${deletedStage}'
          ORDER BY m.name, v.version`,
        some,
      )),
    );
  }
  return found;
}
