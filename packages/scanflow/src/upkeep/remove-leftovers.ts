import { join } from "node:path";
import { hasEnded, type StateFolder } from "../engine/index.ts";
import { type Removed, removeFolders } from "./run-folders.ts";

export interface Leftovers {
  readonly logs: Removed;
  readonly checkpoints: Removed;
  readonly work: Removed;
}

export interface RunsLeft {
  /** Status of each run that stays. */
  readonly statuses: ReadonlyMap<string, string>;
  readonly active: ReadonlySet<string>;
  readonly dryRun: boolean;
}

/**
 * Removes the folders of runs that are gone, and what runs that stay have no more use for: checkpoints of those that
 * succeeded, working folders of those that ended. (That of an interrupted run names the processes it left.)
 */
export async function removeLeftovers({ path }: StateFolder, left: RunsLeft): Promise<Leftovers> {
  const { statuses, active, dryRun } = left;
  const gone = (run: string) => !statuses.has(run) && !active.has(run);
  const done = (run: string) => hasEnded(statuses.get(run) ?? "") && !active.has(run);
  const remove = (name: string, names: (run: string) => boolean) =>
    removeFolders(join(path, name), { names, dryRun });
  return {
    logs: await remove("logs", gone),
    checkpoints: await remove(
      "checkpoints",
      (run) => gone(run) || (done(run) && statuses.get(run) === "succeeded"),
    ),
    work: await remove("work", (run) => gone(run) || done(run)),
  };
}
