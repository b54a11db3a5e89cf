import {
  exportExperiments,
  type ImportFrom,
  importFrom,
  isServerUrl,
  runsAsCsv,
} from "@scanflow/tracking/transfer";
import type { TrackerProgress } from "../api/index.ts";
import type { Hearing } from "../catalog/index.ts";
import { requireAbsolute } from "../require-absolute.ts";
import { refuseTaken } from "../upkeep/index.ts";
import type { OwnerRooms } from "./rooms.ts";

/** Takes over what another tracker keeps into the application's own. */
export function importIntoTracker(
  { trackers }: OwnerRooms,
  { from, artifactsFrom, ...input }: Omit<ImportFrom, "onRun" | "signal">,
  { tell, signal }: Hearing<TrackerProgress>,
) {
  if (!isServerUrl(from)) requireAbsolute(from);
  if (artifactsFrom !== undefined) requireAbsolute(artifactsFrom);
  const onRun = (progress: Omit<TrackerProgress, "kind">) => tell({ kind: "progress", ...progress });
  return trackers.borrow("", (tracking) =>
    importFrom(tracking, { ...input, from, artifactsFrom, onRun, signal }),
  );
}

/** Writes experiments of the application's own tracker into an archive. */
export function exportFromTracker(
  { trackers }: OwnerRooms,
  { experiments, out }: { readonly experiments: readonly string[]; readonly out: string },
  { tell, signal }: Hearing<TrackerProgress>,
) {
  requireAbsolute(out);
  const onRun = (progress: Omit<TrackerProgress, "kind">) => tell({ kind: "progress", ...progress });
  return trackers.borrow("", (tracking) =>
    exportExperiments(tracking, { experiments, out, refuseTaken, onRun, signal }),
  );
}

export async function* trackerRunsAsCsv(
  { trackers }: OwnerRooms,
  asked: { readonly experiment: string; readonly filter?: string | undefined },
): AsyncGenerator<{ row: string }> {
  const rows = await trackers.borrow("", async (tracking) => runsAsCsv(tracking, asked));
  for await (const row of rows) yield { row };
}
