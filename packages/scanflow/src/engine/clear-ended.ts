import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Runner } from "../runners/runner.ts";
import { namesIn } from "./clear-unrecorded.ts";
import { hasEnded } from "./has-ended.ts";
import type { Journal } from "./journal.ts";
import { isTokenOf } from "./scheduler/token.ts";
import type { StateFolder } from "./state-folder.ts";

/**
 * Removes what owners that were killed left of runs that nobody takes up: of those that ended just before, and of those
 * whose first event was never stored.
 */
export async function clearEnded({ folder, runner, journal }: Ended): Promise<void> {
  const folders = [folder.work, folder.checkpoints].map((of) => dirname(of("run")));
  const names = new Set((await Promise.all(folders.map(namesIn))).flat());
  if (names.size === 0) return;
  const statuses = await journal.statuses([...names]);
  for (const run of names) {
    const status = statuses.get(run);
    const over: string[] = [];
    if (status === undefined) await runner.reclaimUnrecorded?.((token) => isTokenOf(token, run));
    if (status === undefined) over.push(folder.logs(run));
    if (status === undefined || status === "succeeded") over.push(folder.checkpoints(run));
    if (status === undefined || hasEnded(status)) over.push(folder.work(run));
    // What cannot be removed keeps nobody from working.
    for (const path of over) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

interface Ended {
  readonly folder: StateFolder;
  readonly runner: Runner;
  readonly journal: Journal;
}
