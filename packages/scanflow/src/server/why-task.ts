import type { CacheMiss, JsonObject, RunEvent } from "@scanflow/core";
import type { Why } from "../api/index.ts";
import { changedParts, type RunRow } from "../engine/index.ts";
import { resolveTask } from "./resolve-task.ts";
import type { OwnerRooms } from "./rooms.ts";
import { attemptBefore, lastRunBefore, type Parts } from "./tried-before.ts";

type Of<Name extends RunEvent["event"]> = Extract<RunEvent, { event: Name }>;

/** Why a task ran, was skipped or was taken from the cache. Errors: SCANFLOW_TASK_UNKNOWN. */
export async function whyTask(rooms: OwnerRooms, row: RunRow, text: string): Promise<Why> {
  const { engine } = rooms;
  const { run } = row;
  const scheduler = await engine.scheduler(run);
  const id = resolveTask(scheduler, text);
  const state = scheduler.taskState(id);
  const underWay = state.status === "running" || state.status === "up";
  const events = (await engine.journal.events(run)).filter((event) => "task" in event && event.task === id);
  const last = events.findLast(({ event }) => DECIDING.has(event));
  const started = last?.event === "attempt-started" ? (last as Of<"attempt-started">) : null;
  const cached = last?.event === "task-cached" ? (last as Of<"task-cached">) : null;
  const skipped = last?.event === "task-skipped" ? (last as Of<"task-skipped">) : null;
  const source = cached ? cached.from : { run, task: id, attempt: state.attempts };
  const parts = await keyParts(rooms, source);
  const reasons = started ? await whyStarted(rooms, { row, events, started, parts }) : NOT_STARTED;
  return {
    run,
    task: id,
    status: state.status,
    cached: state.cached,
    from: cached?.from ?? null,
    attempt: state.attempts,
    ...reasons,
    key: cached?.key ?? started?.key ?? null,
    parts,
    skip: skipped ? { reason: skipped.reason, detail: skipped.detail } : null,
    error: state.error,
    interrupted: engine.active(run) ? !underWay && isInterruption(state) : underWay || isInterruption(state),
    params: scheduler.state.created?.params ?? ({} satisfies JsonObject),
  };
}

const NOT_STARTED = { miss: null, before: null, retried: null } as const;

interface Start {
  readonly row: RunRow;
  /** Of the task. */
  readonly events: readonly RunEvent[];
  /** The last attempt, and what it was made of. */
  readonly started: Of<"attempt-started">;
  readonly parts: Parts;
}

/** An attempt after the first looks for nothing in the cache: the first one says what it found there. */
async function whyStarted(
  rooms: OwnerRooms,
  { row, events, started, parts }: Start,
): Promise<Pick<Why, "miss" | "before" | "retried">> {
  const { run } = row;
  const { task, attempt } = started;
  const attempts = events.filter((event) => event.event === "attempt-started");
  const { miss: found } = attempts.find(({ miss }) => miss.reason !== "retry") ?? started;
  const last = await lastRunBefore(rooms, row, task);
  const previous = await attemptBefore(rooms, { run, task, attempt });
  const retried = previous && {
    attempt: previous.attempt,
    changed: changedParts(previous.parts, parts),
  };
  return { miss: missOf(found, last && changedParts(last.parts, parts)), before: last?.run ?? null, retried };
}

/** What was found when it was looked for, with what the last attempt was made of. */
function missOf(found: CacheMiss, changed: readonly string[] | null): Why["miss"] {
  // Nothing was looked for; or no run is kept to compare with.
  if (found.reason === "off" || changed === null) return found;
  if (changed.length > 0) return { reason: "changed", changed };
  return found.reason === "changed" ? { reason: "retry", changed } : found;
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
