import type { RunRow as RunAnswer } from "../api/index.ts";
import { hasEnded, type RunRow, type Scheduler } from "../engine/index.ts";
import type { OwnerRooms } from "./rooms.ts";

/** A row of the journal with the run's status as it is now. */
export async function withStatus({ engine }: OwnerRooms, row: RunRow): Promise<RunAnswer> {
  const { run, application, workflow, created, finished } = row;
  const known = { run, application, workflow, created, finished };
  if (hasEnded(row.status)) return { ...known, status: row.status };
  const active = engine.active(run);
  if (active) return { ...known, status: active.status };
  return { ...known, status: statusAtRest(await engine.scheduler(run)) };
}

/** The status of a run that nobody has in hand. */
export function statusAtRest({ state, isOpen }: Scheduler): RunAnswer["status"] {
  if (hasEnded(state.status) || state.status === "paused") return state.status;
  const { tasks } = state;
  const waits = tasks.some(({ status }) => status === "waiting");
  const goesOn = isOpen || tasks.some(({ status }) => status === "running");
  return waits && !goesOn ? "waiting" : "interrupted";
}
