import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dataset } from "@scanflow/checks";
import { type CheckInputs, type CheckSpec, checkKind, judge, readFiles } from "../check/index.ts";
import { openDataset } from "../data/index.ts";
import { batchToRows } from "../data/stream/index.ts";
import type { WindowTaskOptions } from "./window-task.ts";

export interface WindowJudge {
  readonly judge: WindowTaskOptions["judge"];
  /** Columns of the reference that hold moments. */
  readonly times: ReadonlySet<string>;
}

/**
 * Judges windows by the checks of `scanflow check`. A checker of one's own gets the window as a file of JSON lines.
 *
 * @throws errors with a code, for a reference or a file that cannot be read and a check that is none
 */
export async function windowJudge(
  specs: readonly CheckSpec[],
  inputs: Omit<CheckInputs, "current">,
  signal: AbortSignal,
): Promise<WindowJudge> {
  const { reference: path, names, options, seed, root } = inputs;
  const needFile = specs.some(({ check }) => checkKind(check, root).kind !== "built-in");
  const ready = await Promise.all(specs.map((spec) => withContents(spec, root)));
  const reference =
    path === null ? null : await openDataset(path, { ...options, name: names?.reference, seed, signal });
  const profile = await reference?.profile();
  const times = profile?.columns.filter(({ kind }) => kind === "time").map(({ name }) => name) ?? [];
  return {
    times: new Set(times),
    judge: (window, number) =>
      withFile(needFile ? window : null, (current) =>
        judge(
          ready,
          { ...inputs, current, names: { ...names, current: window.name }, seed: seed + number },
          { window, reference, signal },
        ),
      ),
  };
}

/** What stands in a check's files is read once, and not for each window; a command reads them itself. */
async function withContents(spec: CheckSpec, root: string): Promise<CheckSpec> {
  if (checkKind(spec.check, root).kind === "command") return spec;
  return { ...spec, params: { ...(await readFiles(spec.files)), ...spec.params }, files: {} };
}

/** Writes the window to a file for as long as the work takes. */
async function withFile<T>(window: Dataset | null, work: (path: string) => Promise<T>): Promise<T> {
  if (window === null) return work("");
  const folder = await mkdtemp(join(tmpdir(), "scanflow-window-"));
  try {
    const path = join(folder, "window.jsonl");
    const lines: string[] = [];
    for await (const batch of window.batches?.() ?? []) {
      for (const row of batchToRows(batch)) lines.push(`${JSON.stringify(row)}\n`);
    }
    await writeFile(path, lines.join(""));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
