import type { RunEvent } from "@scanflow/core";
import { errorCode } from "@scanflow/core";
import type { Runner, RunningAttempt } from "../runners/runner.ts";
import type { ActiveRun } from "./active-run.ts";
import { type AttemptAnswer, adoptAttempt } from "./attempt.ts";
import { clearUnrecorded } from "./clear-unrecorded.ts";
import type { EngineRooms } from "./engine.ts";
import { isMissingFile, type Prepared } from "./preparation.ts";
import type { Answer } from "./scheduler/input.ts";
import { isUnderWay } from "./scheduler/state.ts";

export interface AdoptionOptions {
  readonly run: ActiveRun;
  readonly rooms: EngineRooms;
  /** All events of the run so far. */
  readonly events: readonly RunEvent[];
  readonly running: (task: string, attempt: RunningAttempt, key: string) => void;
  /** Whether the attempt of this token was asked to end since. */
  readonly stopped: (token: string) => boolean;
  readonly ready: (place: Answer, url: string) => void;
}

export interface AdoptedAttempt {
  readonly task: string;
  readonly token: string;
  /** Waits for its end. */
  readonly answer: () => Promise<AttemptAnswer>;
}

/**
 * Takes over the attempts that ran when the last owner died, where the platform still has them and they do the work
 * that the task would do now. What else ran is ended for good: it is lost, and runs again.
 */
export async function adoptAttempts(options: AdoptionOptions): Promise<readonly AdoptedAttempt[]> {
  const { run, rooms } = options;
  const adopted: AdoptedAttempt[] = [];
  const lost: Parameters<Runner["reclaim"]>[0][] = [];
  for (const state of run.scheduler.state.tasks) {
    const { id: task, attempts: attempt, token } = state;
    if (!isUnderWay(state) || token === null) continue;
    const place = { task, attempt, token };
    const answer = await adoptOne(place, options);
    if (answer) {
      adopted.push({ task, token, answer });
      continue;
    }
    const workdir = rooms.folder.workdir(run.id, task, attempt);
    lost.push({ run: run.id, ...place, workdir });
  }
  // What goes on asks for its owner meanwhile, and not for ever; to end what does not may take a platform a minute.
  await Promise.all(lost.map((place) => rooms.runner.reclaim(place)));
  await clearUnrecorded({ ...rooms, run: run.id, tasks: run.scheduler.state.tasks, keeps: adopted });
  return adopted;
}

async function adoptOne(place: Answer, { run, rooms, events, running, stopped, ready }: AdoptionOptions) {
  if (!rooms.runner.adopt) return null;
  const begun = events.findLast(
    (event) => event.event === "attempt-started" && event.task === place.task && event.token === place.token,
  );
  if (begun?.event !== "attempt-started") return null;
  const prepared = await prepareAgain(place.task, run, rooms);
  if (prepared === null || (begun.key !== null && begun.key !== prepared.key)) return null;
  return adoptAttempt({
    run,
    rooms,
    prepared,
    seq: begun.seq,
    place,
    stopped: () => stopped(place.token),
    running: (attempt, key) => running(place.task, attempt, key),
    ready: (url) => ready(place, url),
  });
}

/** null: its files are not there any more, which a new attempt will be told. */
async function prepareAgain(
  task: string,
  { scheduler, holds }: ActiveRun,
  rooms: EngineRooms,
): Promise<Prepared | null> {
  const { inputs: fixed = {}, data = {} } = scheduler.state.created ?? {};
  try {
    const given = scheduler.attemptInputs(task);
    return await rooms.preparation.prepare(scheduler.task(task), given, { fixed, data, holds });
  } catch (error) {
    if (errorCode(error) === undefined && !isMissingFile(error)) throw error;
    return null;
  }
}
