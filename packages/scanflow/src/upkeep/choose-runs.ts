import { ScanflowError } from "@scanflow/core";
import type { RunRow } from "../engine/index.ts";

export interface RunChoice {
  /** Runs that ended longer ago than this. */
  readonly olderThanMs?: number | undefined;
  /** All but the newest so many of each workflow. With `olderThanMs`: only those of them that are old enough. */
  readonly keepRuns?: number | undefined;
  /** These runs, also when they have not ended. */
  readonly runs?: readonly string[] | undefined;
}

export interface Known {
  readonly rows: readonly RunRow[];
  /** Runs that are in hand. */
  readonly active: ReadonlySet<string>;
  /** Runs that registered a version of a model: they go only when they are named. */
  readonly withModels: ReadonlySet<string>;
  readonly now: number;
}

export interface Chosen {
  readonly runs: readonly string[];
  /** Runs that stay for the models they registered, though the choice is for them. */
  readonly keptForModels: readonly string[];
}

/** Which runs a person means to drop. Errors: SCANFLOW_RUN_ACTIVE. */
export function chooseRuns({ olderThanMs, keepRuns, runs = [] }: RunChoice, known: Known): Chosen {
  const { rows, active, withModels, now } = known;
  const inHand = runs.filter((run) => active.has(run));
  if (inHand.length > 0) {
    throw new ScanflowError(
      "SCANFLOW_RUN_ACTIVE",
      `Run ${inHand.join(", ")} is active and cannot be dropped. Cancel it ("scanflow cancel ${inHand[0]}") or wait until it has ended.`,
    );
  }
  const byChoice = olderThanMs !== undefined || keepRuns !== undefined;
  const dropped = byChoice
    ? surplus(
        rows.filter(({ run, finished }) => finished !== null && !active.has(run)),
        keepRuns ?? 0,
      ).filter(({ finished }) => olderThanMs === undefined || (finished ?? now) <= now - olderThanMs)
    : [];
  const chosen = dropped.map(({ run }) => run).filter((run) => !runs.includes(run));
  return {
    runs: [...runs, ...chosen.filter((run) => !withModels.has(run))],
    keptForModels: chosen.filter((run) => withModels.has(run)),
  };
}

/** All but the newest so many rows of each workflow. */
function surplus(rows: readonly RunRow[], keep: number): RunRow[] {
  const seen = new Map<string, number>();
  const newestFirst = [...rows].sort((a, b) => b.created - a.created || (a.run < b.run ? 1 : -1));
  return newestFirst.filter(({ application, workflow }) => {
    const name = JSON.stringify([application, workflow]);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count > keep;
  });
}
