import { ScanflowError } from "@scanflow/core";
import { type ActiveRun, hasEnded, type RunRow, type Scheduler } from "../engine/index.ts";
import { resolveTask } from "./resolve-task.ts";
import type { OwnerRooms } from "./rooms.ts";
import { lastSeq } from "./run-detail.ts";

/** The run, and the last event before what was asked for. */
export interface Begun {
  readonly run: string;
  readonly seq: number;
}

/** Takes up a run that was interrupted or paused. Errors: SCANFLOW_RUN_ENDED. */
export async function resumeRun(rooms: OwnerRooms, row: RunRow): Promise<Begun> {
  refuseEnded(row);
  const begun = await begin(rooms, row);
  const run = await rooms.engine.resume(row.run);
  rooms.hold(run);
  await run.stored();
  return begun;
}

/** Runs failed tasks again. Errors: SCANFLOW_TASK_UNKNOWN, SCANFLOW_RUN_ENDED when nothing of it failed. */
export async function retryRun(
  rooms: OwnerRooms,
  row: RunRow,
  tasks: readonly string[] | null,
): Promise<Begun> {
  const scheduler = await rooms.engine.scheduler(row.run);
  const named = tasks && tasks.length > 0 ? tasks.map((task) => resolveTask(scheduler, task)) : null;
  if (named === null && !hasFailures(scheduler)) {
    throw new ScanflowError(
      "SCANFLOW_RUN_ENDED",
      `Run ${row.run} has no failed task to try again. Name the tasks to run once more, or start a new run.`,
    );
  }
  const begun = await begin(rooms, row);
  const run = await rooms.engine.retry(row.run, named);
  rooms.hold(run);
  await run.stored();
  return begun;
}

/** Errors: SCANFLOW_RUN_ENDED, SCANFLOW_RUN_NOT_ACTIVE. */
export async function pauseRun(rooms: OwnerRooms, row: RunRow): Promise<Begun> {
  refuseEnded(row);
  const active = rooms.engine.active(row.run);
  if (!active) {
    throw new ScanflowError(
      "SCANFLOW_RUN_NOT_ACTIVE",
      `Run ${row.run} does not run now, so there is nothing to pause. Take it up with "scanflow resume ${row.run}".`,
    );
  }
  const begun = await begin(rooms, row);
  active.send({ kind: "pause" });
  await active.stored();
  return begun;
}

/** Ends a run, also one that nobody has in hand. Errors: SCANFLOW_RUN_ENDED. */
export async function cancelRun(
  rooms: OwnerRooms,
  row: RunRow,
  reason = "cancelled by a person",
): Promise<Begun> {
  refuseEnded(row);
  const begun = await begin(rooms, row);
  const run = await inHand(rooms, row.run, { toEnd: true });
  run.send({ kind: "cancel", reason });
  await run.stored();
  return begun;
}

interface Decision {
  readonly task: string;
  readonly approved: boolean;
  readonly by: string;
  readonly comment?: string | undefined;
}

/** Answers an approval, also of a run that nobody has in hand. Errors: SCANFLOW_TASK_UNKNOWN, SCANFLOW_TASK_NOT_WAITING. */
export async function decideTask(rooms: OwnerRooms, row: RunRow, decision: Decision): Promise<Begun> {
  const scheduler = await rooms.engine.scheduler(row.run);
  const task = resolveTask(scheduler, decision.task);
  const { status } = scheduler.taskState(task);
  if (hasEnded(row.status) || status !== "waiting") {
    const waiting = scheduler.state.tasks.filter((one) => one.status === "waiting").map(({ id }) => id);
    throw new ScanflowError(
      "SCANFLOW_TASK_NOT_WAITING",
      `Task "${task}" of run ${row.run} is ${status} and waits for nobody. ${waiting.length > 0 ? `Waiting are: ${waiting.join(", ")}.` : "Nothing of this run waits for an answer."}`,
    );
  }
  const begun = await begin(rooms, row);
  const run = await inHand(rooms, row.run);
  const { approved, by, comment = "" } = decision;
  run.send({ kind: "decide", task, approved, by, comment });
  rooms.hold(run);
  await run.stored();
  return begun;
}

async function inHand(rooms: OwnerRooms, id: string, { toEnd = false } = {}): Promise<ActiveRun> {
  const active = rooms.engine.active(id);
  if (active) return active;
  const run = await rooms.engine.resume(id, { toEnd });
  rooms.hold(run);
  return run;
}

async function begin(rooms: OwnerRooms, { run }: RunRow): Promise<Begun> {
  return { run, seq: await lastSeq(rooms, run) };
}

function refuseEnded({ run, status }: RunRow): void {
  if (!hasEnded(status)) return;
  const next =
    status === "succeeded"
      ? "Start a new one with"
      : `Run what failed again with "scanflow retry ${run}", or start a new one with`;
  throw new ScanflowError("SCANFLOW_RUN_ENDED", `Run ${run} has ended (${status}). ${next} "scanflow run".`);
}

function hasFailures({ state }: Scheduler): boolean {
  return state.tasks.some(
    ({ status }) => status === "failed" || status === "cancelled" || status === "upstream-failed",
  );
}
