import { errorCode } from "@scanflow/core";
import type { EngineRooms } from "./engine.ts";
import { Ledger } from "./ledger.ts";
import type { OpenTracker } from "./tracker-runs.ts";

/**
 * The trackers of runs that ended with their owner before the last rows were written get them now. What cannot be
 * written (a tracker's port is taken, its experiment was deleted) stays for a later owner: it keeps nobody from working.
 */
export async function completeLedgers({ journal, artifacts, trackers: directory }: Rooms): Promise<void> {
  for (const { run: id, plan: digest } of await journal.undelivered()) {
    const plan = await journal.plan(digest);
    const ids = plan.trackers.map((tracker) => tracker.id);
    try {
      await lendAll(directory, ids, async (trackers) => {
        const ledger = new Ledger({ run: id, plan, journal, artifacts, trackers });
        await ledger.open(await journal.events(id));
        await ledger.close();
      });
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }
}

type Rooms = Pick<EngineRooms, "journal" | "artifacts" | "trackers">;
type Open = ReadonlyMap<string, OpenTracker>;

/** Opens one tracker within the other, so that all are given back. */
async function lendAll(
  directory: Rooms["trackers"],
  [id, ...others]: readonly string[],
  work: (trackers: Open) => Promise<void>,
): Promise<void> {
  if (id === undefined) return work(new Map());
  await directory.lend(id, (tracking) =>
    lendAll(directory, others, (open) => work(new Map([...open, [id, { tracking, store: null, uri: "" }]]))),
  );
}
