import type { TaskStatus } from "@scanflow/core";
import type { Style } from "../output.ts";

interface Mark {
  readonly sign: string;
  readonly word: string;
  readonly style: Style;
}

const MARKS: Readonly<Record<TaskStatus, Mark>> = {
  pending: { sign: "·", word: "pending", style: "dim" },
  running: { sign: "▸", word: "running", style: "cyan" },
  up: { sign: "●", word: "up", style: "green" },
  waiting: { sign: "?", word: "waiting", style: "yellow" },
  succeeded: { sign: "✓", word: "done", style: "green" },
  failed: { sign: "✗", word: "failed", style: "red" },
  skipped: { sign: "-", word: "skipped", style: "dim" },
  cancelled: { sign: "✗", word: "cancelled", style: "yellow" },
  "upstream-failed": { sign: "-", word: "not run", style: "dim" },
};

/** How a task's status is shown. */
export function markOf({ status, cached }: { status: TaskStatus; cached: boolean }): Mark {
  return cached && status === "succeeded" ? { sign: "=", word: "cached", style: "blue" } : MARKS[status];
}

/** `3 done, 2 cached, 1 failed` */
export function countsText(tasks: Iterable<{ status: TaskStatus; cached: boolean }>): string {
  const counts = new Map<string, number>();
  for (const task of tasks) {
    const { word } = markOf(task);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const order = [
    "done",
    "cached",
    "running",
    "up",
    "waiting",
    "pending",
    "failed",
    "cancelled",
    "not run",
    "skipped",
  ];
  const shown = order.flatMap((word) => (counts.has(word) ? [`${counts.get(word)} ${word}`] : []));
  return shown.join(", ");
}
