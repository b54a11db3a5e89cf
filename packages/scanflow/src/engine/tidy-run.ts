import { rm } from "node:fs/promises";
import type { ActiveRun } from "./active-run.ts";
import type { Rest } from "./resting.ts";
import type { StateFolder } from "./state-folder.ts";

/** Before a run counts as resting: the trackers are up to date, and what nobody needs any more is gone. */
export async function tidyRun(
  run: ActiveRun,
  { rest, upTo, folder }: { readonly rest: Rest; readonly upTo: number; readonly folder: StateFolder },
): Promise<void> {
  await run.ledger.reached(upTo);
  if (rest !== "finished") return;
  const over = [folder.work(run.id)];
  if (run.status === "succeeded") over.push(folder.checkpoints(run.id));
  for (const path of over) await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
