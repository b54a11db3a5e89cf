import type { Engine } from "../engine/index.ts";
import type { References } from "./remove-rows.ts";
import type { UpkeepRooms } from "./upkeep-rooms.ts";

export interface SweepArtifacts extends References {
  /** What nothing has referred to for a while goes when it is older than this. */
  readonly graceMs: number;
  /** Only what lost its last reference just now. */
  readonly lostOnly: boolean;
  readonly now: number;
  readonly dryRun: boolean;
}

export interface SweptArtifacts {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Sweeps the artifact store. What lost its last reference goes at once; only what is younger than an active run stays
 * for the next time, since that run may have written the same content again and not yet said so.
 */
export async function sweepArtifacts(
  { artifacts, engine }: UpkeepRooms,
  { live, lost, graceMs, lostOnly, now, dryRun }: SweepArtifacts,
): Promise<SweptArtifacts> {
  const lostGraceMs = engine.activeRuns.length === 0 ? 0 : now - (await earliestActive(engine, now));
  const first = await artifacts.sweep({ live, only: lost, graceMs: lostGraceMs, now, dryRun });
  if (lostOnly) return { files: first.removed, bytes: first.bytes };
  // In a dry run nothing is gone yet: what was counted is not to be counted again.
  const others = dryRun ? [...live, ...lost] : live;
  const second = await artifacts.sweep({ live: others, graceMs, now, dryRun });
  return { files: first.removed + second.removed, bytes: first.bytes + second.bytes };
}

/** When the oldest of the runs in hand was created. */
async function earliestActive(engine: Engine, now: number): Promise<number> {
  const active = new Set(engine.activeRuns);
  const rows = await engine.journal.runs();
  return Math.min(now, ...rows.filter(({ run }) => active.has(run)).map(({ created }) => created));
}
