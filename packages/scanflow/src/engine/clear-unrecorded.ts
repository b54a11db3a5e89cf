import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Runner } from "../runners/runner.ts";
import { isTokenOf } from "./scheduler/token.ts";
import type { StateFolder } from "./state-folder.ts";

export interface Unrecorded {
  readonly run: string;
  readonly tasks: readonly { readonly id: string; readonly attempts: number }[];
  /** The attempts that go on. */
  readonly keeps: readonly { readonly task: string; readonly token: string }[];
  readonly folder: StateFolder;
  readonly runner: Runner;
}

/**
 * Ends and removes what an earlier owner left of attempts that go on no more. A function step begins while its record is
 * being stored: of one whose record was lost with the owner nothing is known but the processes that it started, its
 * working folder and its log, and the next attempt has the same number.
 */
export async function clearUnrecorded({ run, tasks, keeps, folder, runner }: Unrecorded): Promise<void> {
  const tokens = new Set(keeps.map(({ token }) => token));
  await runner.reclaimUnrecorded?.((token) => isTokenOf(token, run) && !tokens.has(token));
  const going = new Set(keeps.map(({ task }) => task));
  const kept = tasks.filter(({ id }) => going.has(id));
  const own = kept.map(({ id, attempts }) => basename(folder.workdir(run, id, attempts)));
  const work = folder.work(run);
  const left = await namesIn(work);
  const over = left.filter((name) => !own.some((one) => name === one || name.startsWith(`${one}.`)));
  const logs = new Set(await namesIn(folder.logs(run)));
  const next = tasks.map(({ id, attempts }) => folder.log(run, id, attempts + 1));
  const paths = [...over.map((name) => join(work, name)), ...next.filter((path) => logs.has(basename(path)))];
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 })));
}

/** What lies in a folder; nothing where there is none. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
