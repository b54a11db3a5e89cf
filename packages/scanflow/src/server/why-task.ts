import type { JsonObject, RunEvent } from "@scanflow/core";
import type { Why } from "../api/index.ts";
import type { RunRow } from "../engine/index.ts";
import { resolveTask } from "./resolve-task.ts";
import type { OwnerRooms } from "./rooms.ts";

type Of<Name extends RunEvent["event"]> = Extract<RunEvent, { event: Name }>;

/** Why a task ran, was skipped or was taken from the cache. Errors: SCANFLOW_TASK_UNKNOWN. */
export async function whyTask(rooms: OwnerRooms, { run }: RunRow, text: string): Promise<Why> {
  const { engine } = rooms;
  const scheduler = await engine.scheduler(run);
  const id = resolveTask(scheduler, text);
  const state = scheduler.taskState(id);
  const events = (await engine.journal.events(run)).filter((event) => "task" in event && event.task === id);
  const last = events.findLast(({ event }) => DECIDING.has(event));
  const started = last?.event === "attempt-started" ? (last as Of<"attempt-started">) : null;
  const cached = last?.event === "task-cached" ? (last as Of<"task-cached">) : null;
  const skipped = last?.event === "task-skipped" ? (last as Of<"task-skipped">) : null;
  const source = cached ? cached.from : { run, task: id, attempt: state.attempts };
  return {
    run,
    task: id,
    status: state.status,
    cached: state.cached,
    from: cached?.from ?? null,
    attempt: state.attempts,
    miss: started?.miss ?? null,
    key: cached?.key ?? started?.key ?? null,
    parts: await keyParts(rooms, source),
    skip: skipped ? { reason: skipped.reason, detail: skipped.detail } : null,
    error: state.error,
    interrupted: engine.active(run)
      ? state.status !== "running" && isInterruption(state)
      : state.status === "running" || isInterruption(state),
    params: scheduler.state.created?.params ?? ({} satisfies JsonObject),
  };
}

function isInterruption({ error }: { readonly error: { readonly code: string } | null }): boolean {
  return error?.code === "SCANFLOW_ATTEMPT_LOST";
}

/** What decides whether a task runs. */
const DECIDING: ReadonlySet<string> = new Set(["attempt-started", "task-cached", "task-skipped"]);

async function keyParts(
  { store }: OwnerRooms,
  { run, task, attempt }: { run: string; task: string; attempt: number },
): Promise<Record<string, string>> {
  const [row] = await store.read<{ parts: string }>(
    "SELECT parts FROM attempts WHERE run = ? AND task = ? AND attempt = ?",
    [run, task, attempt],
  );
  return row ? (JSON.parse(row.parts) as Record<string, string>) : {};
}
