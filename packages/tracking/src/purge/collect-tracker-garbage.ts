import { TrackingError } from "../errors.ts";
import type { Tracking } from "../tracking.ts";
import { abandonedAfterMs, giveUpAbandoned } from "../uploads/uploads.ts";
import { sharedGraceMs } from "./purge-by-name.ts";

export interface TrackerGarbageOptions {
  /** What nothing refers to goes when it is older than this. Default one hour. */
  readonly graceMs?: number | undefined;
  /** Say what would be removed, and remove nothing. */
  readonly dryRun?: boolean | undefined;
  /** Go on where the files look like those of another tracker. */
  readonly force?: boolean | undefined;
  /** Called between the steps, for tests that end the process there. */
  readonly probe?: (point: string) => void;
}

/** What was removed, or would be. */
export interface TrackerGarbage {
  /** Files of the artifact store that nothing refers to, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files that nothing refers to either, but that are too young. */
  readonly young: number;
  /** Uploads in parts that were begun so long ago that they count as given up. */
  readonly uploads: number;
}

const hour = 60 * 60 * 1000;

/** As long as is asked for, and where other servers may be at work on the database, at least a minute. */
export function safeGraceMs({ context }: Pick<Tracking, "context">, graceMs = hour): number {
  return context.store.shared ? Math.max(graceMs, sharedGraceMs) : graceMs;
}

/**
 * Removes what nothing in the tracker refers to from its artifact store, and uploads in parts that were given up. What
 * is being uploaded at this moment stays: this process knows of its own, others have the grace period.
 * Errors: SCANFLOW_GC_STRANGE, and those of the stores.
 */
export async function collectTrackerGarbage(
  { context, liveDigests }: Pick<Tracking, "context" | "liveDigests">,
  { graceMs = hour, dryRun = false, force = false, probe }: TrackerGarbageOptions = {},
): Promise<TrackerGarbage> {
  const { store, artifacts, now } = context;
  if (!force) await refuseStrange({ context, liveDigests });
  const [stale] = await store.read<{ n: number }>(
    "SELECT COUNT(*) AS n FROM tracking_uploads WHERE begun_ms < ?",
    [now() - abandonedAfterMs],
  );
  if (!dryRun) await store.write([giveUpAbandoned(now())]);
  probe?.("gc:uploads");
  const { removed, bytes, young } = await artifacts.sweep({
    ...{ live: liveDigests(), graceMs, dryRun },
    // Files know the time of their disk, whatever the tracker takes for its own.
    now: Date.now(),
  });
  return { files: removed, bytes, young, uploads: Number(stale?.n ?? 0) };
}

/** How many contents are looked for before files count as those of another tracker. */
const mostLookedFor = 100;

async function refuseStrange({
  context,
  liveDigests,
}: Pick<Tracking, "context" | "liveDigests">): Promise<void> {
  const { artifacts } = context;
  let lookedFor = 0;
  let found = 0;
  for await (const digest of liveDigests()) {
    if ((await artifacts.stat(digest)) !== undefined) found += 1;
    lookedFor += 1;
    if (lookedFor === mostLookedFor) break;
  }
  // Some files, such as empty ones, lie in every tracker.
  if (lookedFor > 0 && found * 2 >= lookedFor) return;
  const { removed, bytes } = await artifacts.sweep({
    ...{ live: liveDigests(), graceMs: 0, dryRun: true },
    now: Date.now(),
  });
  if (removed === 0) return;
  const lie = `refers to files of which ${found} of ${lookedFor} lie here`;
  const what = lookedFor === 0 ? "refers to no file at all" : lie;
  throw new TrackingError(
    "SCANFLOW_GC_STRANGE",
    `The tracker's database ${what}, so ${removed} files here (${bytes} bytes) would go: they may be those of another tracker. Look at --store and --artifacts; if they are right, add --yes.`,
  );
}
