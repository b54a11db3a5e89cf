import type { RunEvent } from "@scanflow/core";
import type { RunRow, Scheduler } from "../engine/index.ts";

/** One try of a task, and the run that it belongs to. */
export interface Attempt {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
}

/** What an attempt was made of, by the names of `scanflow why`: `code: steps/a.ts`, `input: x`, … */
export type Parts = Readonly<Record<string, string>>;

export interface AttemptFacts {
  readonly status: "running" | "succeeded" | "failed" | "cancelled";
  readonly started: number;
  readonly ended: number | null;
  readonly key: string | null;
  /** Id or digest of the image that it ran in; null: none, or it is not known. */
  readonly image: string | null;
}

export interface Decided {
  readonly by: string | null;
  readonly comment: string;
  readonly time: number;
}

/** What is on record of a run: its state, and of its events what the state does not keep. */
export interface RunRecord {
  readonly row: RunRow;
  readonly scheduler: Scheduler;
  readonly attempts: ReadonlyMap<string, AttemptFacts>;
  /** By task: whose outputs it took from the cache. */
  readonly origins: ReadonlyMap<string, Attempt>;
  /** By task that was taken from the cache: its key there. */
  readonly cacheKeys: ReadonlyMap<string, string>;
  /** By choice or approval. */
  readonly decided: ReadonlyMap<string, Decided>;
}

/** Reads a run's record off its events. */
export function runRecord(row: RunRow, scheduler: Scheduler, events: readonly RunEvent[]): RunRecord {
  const attempts = new Map<string, AttemptFacts>();
  const origins = new Map<string, Attempt>();
  const cacheKeys = new Map<string, string>();
  const decided = new Map<string, Decided>();
  for (const event of events) {
    switch (event.event) {
      case "attempt-started": {
        const { key, time: started } = event;
        attempts.set(attemptName(event), { status: "running", started, ended: null, key, image: null });
        break;
      }
      case "attempt-succeeded":
      case "attempt-failed":
      case "attempt-cancelled":
      case "service-closed": {
        const before = attempts.get(attemptName(event));
        const image = ("usage" in event && event.usage.image) || null;
        const end = { status: ENDS[event.event], ended: event.time, image };
        if (before) attempts.set(attemptName(event), { ...before, ...end });
        break;
      }
      case "task-cached":
        origins.set(event.task, event.from);
        cacheKeys.set(event.task, event.key);
        break;
      case "branch-taken":
        decided.set(event.task, { by: null, comment: "", time: event.time });
        break;
      case "approval-decided":
        decided.set(event.task, { by: event.by, comment: event.comment, time: event.time });
    }
  }
  return { row, scheduler, attempts, origins, cacheKeys, decided };
}

const ENDS = {
  "attempt-succeeded": "succeeded",
  "attempt-failed": "failed",
  "attempt-cancelled": "cancelled",
  "service-closed": "succeeded",
} as const;

export function attemptName({ task, attempt }: Pick<Attempt, "task" | "attempt">): string {
  return `${task}#${attempt}`;
}

/** The attempt that really made what a task of the run gives. */
export function makerOf({ row, scheduler, origins }: RunRecord, task: string): Attempt {
  const { cached, attempts } = scheduler.taskState(task);
  const own = { run: row.run, task, attempt: attempts };
  return cached ? (origins.get(task) ?? own) : own;
}
