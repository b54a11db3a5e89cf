import { ScanflowError } from "@scanflow/core";
import { hasEnded, type RunRow } from "../engine/index.ts";
import { ownVersion } from "../own-version.ts";
import { requireAbsolute } from "../require-absolute.ts";
import {
  type Comparison,
  compareRuns,
  type PackedArchive,
  type PackImages,
  pack,
  reproduceRun,
} from "../upkeep/index.ts";
import type { Begun } from "./control-run.ts";
import { resolveRun } from "./resolve-run.ts";
import type { OwnerRooms } from "./rooms.ts";
import { firstStored } from "./start-run.ts";

export interface Reproducing extends Begun {
  /** What is not as it was. */
  readonly notes: readonly string[];
}

/** Errors: SCANFLOW_RUN_ACTIVE, SCANFLOW_REPRODUCE_LOST. */
export async function startReproduction(
  rooms: OwnerRooms,
  { run: original, status }: RunRow,
  user: string | null,
): Promise<Reproducing> {
  if (!hasEnded(status)) {
    throw new ScanflowError(
      "SCANFLOW_RUN_ACTIVE",
      `Run ${original} has not ended, so there is nothing yet to compare with. Wait for it, or take it up with "scanflow resume ${original}".`,
    );
  }
  const { run, notes } = await reproduceRun(rooms, original, { user });
  rooms.hold(run);
  await firstStored(run);
  return { run: run.id, seq: 0, notes };
}

/** Errors: SCANFLOW_REQUEST_INVALID when a run that reproduces none is compared with nothing. */
export async function compareWithOriginal(
  rooms: OwnerRooms,
  { run }: RunRow,
  other: RunRow | null,
): Promise<Comparison> {
  if (other) return compareRuns(rooms, other.run, run);
  const { cause } = (await rooms.engine.scheduler(run)).state.created ?? {};
  if (cause?.kind === "reproduce") return compareRuns(rooms, cause.run, run);
  throw new ScanflowError(
    "SCANFLOW_REQUEST_INVALID",
    `Run ${run} does not reproduce another one. Name the run to compare it with.`,
  );
}

interface PackRequest {
  readonly out: string;
  readonly runs: "all" | "none" | readonly string[];
  readonly artifacts?: boolean | undefined;
  readonly images?: PackImages | undefined;
}

/** "all" are those that have ended. */
export async function packApplication(
  rooms: OwnerRooms,
  { out, runs, artifacts = false, images }: PackRequest,
): Promise<PackedArchive> {
  requireAbsolute(out);
  if (images) requireAbsolute(images.archive);
  const { journal } = rooms.engine;
  const chosen: string[] = [];
  if (runs === "all") {
    for (const { run, status } of await journal.runs()) if (hasEnded(status)) chosen.push(run);
  } else if (runs !== "none") {
    for (const run of runs) chosen.push((await resolveRun(journal, run)).run);
  }
  return pack(rooms, { out, runs: [...new Set(chosen)], artifacts, version: ownVersion, images });
}
