import type { Tracking } from "@scanflow/tracking";
import type { SqlStore, Statement } from "@scanflow/tracking/store";
import { ownTrackers } from "./own-trackers.ts";
import { readDigests, references, trackerReferences } from "./references.ts";
import { gatherRemoval } from "./tracker-removal.ts";
import type { Databases } from "./upkeep-rooms.ts";

export interface Removal {
  /** Asks a tracker to remove what goes; `id` is "" for the embedded one. */
  readonly fromTracker: (tracking: Tracking, id: string) => Promise<unknown>;
  /** What goes from the journal, and guards. */
  readonly fromJournal: readonly Statement[];
  readonly dryRun: boolean;
}

/** The digests that something refers to after a removal, and those that nothing refers to any more. */
export interface References {
  readonly live: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
}

/**
 * Removes rows: of every tracker that a workflow has of its own first, then of the journal and the embedded tracker
 * in one unit. After a crash in between the journal still knows the runs, and the same removal can be done again.
 */
export async function removeRows(rooms: Databases, removal: Removal): Promise<References> {
  const before = new Set<string>();
  const live = new Set<string>();
  const { fromTracker, fromJournal, dryRun } = removal;
  for (const id of await ownTrackers(rooms)) {
    await rooms.trackers.borrow(id, async (tracking) => {
      const { store } = tracking.context;
      take(before, await readDigests(store, trackerReferences));
      const unit = await gatherRemoval(tracking, (gathering) => fromTracker(gathering, id));
      if (!dryRun) await unit.commit();
      take(live, await after(store, dryRun ? (digests) => unit.foresee(digests) : null, trackerReferences));
    });
  }
  await rooms.trackers.borrow("", async (tracking) => {
    const { store } = tracking.context;
    take(before, await readDigests(store, references));
    const unit = await gatherRemoval(tracking, (gathering) => fromTracker(gathering, ""));
    unit.statements.push(...fromJournal);
    if (!dryRun) await unit.commit();
    take(live, await after(store, dryRun ? (digests) => unit.foresee(digests) : null, references));
  });
  return { live, lost: new Set([...before].filter((digest) => !live.has(digest))) };
}

function after(
  store: SqlStore,
  foresee: ((digests: string) => Promise<string[]>) | null,
  query: string,
): Promise<string[]> {
  return foresee ? foresee(query) : readDigests(store, query);
}

function take(set: Set<string>, digests: readonly string[]): void {
  for (const digest of digests) set.add(digest);
}
