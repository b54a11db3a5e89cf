import type { Plan, RunEvent } from "@scanflow/core";
import { type StartOptions, stateFolder, takeLock } from "../engine/index.ts";
import { openOwner } from "../server/index.ts";
import type { UpkeepRooms } from "./upkeep-rooms.ts";

export interface TestRooms extends UpkeepRooms {
  /** Runs to rest and gives the run's id. */
  run(plan: Plan, options?: StartOptions): Promise<string>;
  events(run: string): Promise<RunEvent[]>;
  close(): Promise<void>;
}

/** The rooms of a real owner of a folder. */
export async function assembleRooms(root: string): Promise<TestRooms> {
  const lock = takeLock(stateFolder(root).lock);
  if (!lock) throw new Error(`${root} has an owner already`);
  const { rooms, close } = await openOwner(root, lock, { listen: false });
  return {
    ...rooms,
    async run(plan, options) {
      const run = await rooms.engine.start(plan, options);
      await run.rest();
      return run.id;
    },
    events: (run) => rooms.engine.journal.events(run),
    close,
  };
}
