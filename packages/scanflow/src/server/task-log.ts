import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { ScanflowError } from "@scanflow/core";
import type { LogMessage, LogPage } from "../api/index.ts";
import type { RunRow, Scheduler } from "../engine/index.ts";
import { resolveTask } from "./resolve-task.ts";
import type { OwnerRooms } from "./rooms.ts";
import { wholeCharacters } from "./whole-characters.ts";

const largestPage = 1024 * 1024;
const lookEveryMs = 150;

export interface LogPlace {
  readonly task: string;
  readonly attempt?: number | undefined;
}

interface Page {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/**
 * A page of an attempt's log, cut between characters. A cached task has the log of the attempt that it was taken from.
 * Errors: SCANFLOW_TASK_UNKNOWN, SCANFLOW_LOG_MISSING.
 */
export async function readLog(rooms: OwnerRooms, row: RunRow, place: LogPlace & Page): Promise<LogPage> {
  const { offset = 0, limit = largestPage } = place;
  const { started, ...from } = await logSource(rooms, row.run, place);
  const file = rooms.folder.log(from.run, from.task, from.attempt);
  const handle = await openLog(file);
  if (!handle) {
    if (from.attempt > started) throw missing(from);
    // A log is made with its first line.
    return { ...from, offset, text: "", nextOffset: offset, end: true };
  }
  try {
    const page = await readPage(handle, offset, Math.min(Math.max(4, limit), largestPage));
    return { ...from, offset, ...page };
  } finally {
    await handle.close();
  }
}

/** The log as it grows, through later attempts, until the task ends. */
export async function* followLog(
  rooms: OwnerRooms,
  { run }: RunRow,
  { signal, ...place }: LogPlace & { signal?: AbortSignal | undefined },
): AsyncGenerator<LogMessage> {
  const scheduler = await rooms.engine.scheduler(run);
  const task = resolveTask(scheduler, place.task);
  if (scheduler.taskState(task).cached) {
    const { text } = await readLog(rooms, { run } as RunRow, place);
    if (text !== "") yield { kind: "text", attempt: 0, text };
    return;
  }
  let attempt = place.attempt ?? Math.max(1, scheduler.taskState(task).attempts);
  let offset = 0;
  for (;;) {
    // Asked before the file is read: what was written until the attempt ended is then in it.
    const over = isOver(rooms, scheduler, { run, task, attempt });
    const handle = await openLog(rooms.folder.log(run, task, attempt));
    if (handle) {
      try {
        for (let end = false; !end; ) {
          const page = await readPage(handle, offset, largestPage);
          ({ nextOffset: offset, end } = page);
          if (page.text !== "") yield { kind: "text", attempt, text: page.text };
        }
      } finally {
        await handle.close();
      }
    }
    if (signal?.aborted || rooms.closing.aborted) return;
    if (over === "task") return;
    if (over === "attempt") {
      attempt += 1;
      offset = 0;
      continue;
    }
    await pause(lookEveryMs);
  }
}

/** Whether an attempt, or the task itself, will write no more. */
function isOver(
  { engine }: OwnerRooms,
  known: Scheduler,
  { run, task, attempt }: { run: string; task: string; attempt: number },
): "no" | "attempt" | "task" {
  const active = engine.active(run);
  const state = (active?.scheduler ?? known).taskState(task);
  if (state.attempts > attempt) return "attempt";
  if (!active) return "task";
  return ["pending", "running", "up"].includes(state.status) ? "no" : "task";
}

/** Whose log it is, and how many attempts of that task were started (none, where its run is not kept any more). */
async function logSource(
  { engine }: OwnerRooms,
  run: string,
  { task: text, attempt }: LogPlace,
): Promise<{ run: string; task: string; attempt: number; started: number }> {
  const scheduler = await engine.scheduler(run);
  const task = resolveTask(scheduler, text);
  const state = scheduler.taskState(task);
  if (state.cached && attempt === undefined) {
    const events = await engine.journal.events(run);
    const cached = events.findLast((event) => event.event === "task-cached" && event.task === task);
    if (cached?.event === "task-cached") {
      const { from } = cached;
      const kept = (await engine.journal.runs()).some((row) => row.run === from.run);
      return { ...from, started: kept ? from.attempt : 0 };
    }
  }
  if (state.attempts === 0) {
    throw new ScanflowError(
      "SCANFLOW_LOG_MISSING",
      `Task "${task}" of run ${run} is ${state.status} and was never started, so it has no log. See why with "scanflow why ${task} --run ${run}".`,
    );
  }
  return { run, task, attempt: attempt ?? state.attempts, started: state.attempts };
}

async function openLog(file: string): Promise<FileHandle | null> {
  try {
    return await open(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function readPage(
  handle: FileHandle,
  offset: number,
  limit: number,
): Promise<{ text: string; nextOffset: number; end: boolean }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(limit), 0, limit, offset);
  const end = bytesRead < limit;
  const whole = wholeCharacters(buffer.subarray(0, bytesRead));
  return { text: whole.toString("utf8"), nextOffset: offset + whole.length, end };
}

function missing({ run, task, attempt }: { run: string; task: string; attempt: number }): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_LOG_MISSING",
    `There is no log of attempt ${attempt} of task "${task}" in run ${run}. "scanflow show ${run}" says how many attempts there were.`,
  );
}
