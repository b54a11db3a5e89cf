import type { TaskRow } from "../api/index.ts";
import { ItemNames } from "./item-names.ts";
import type { Output } from "./output.ts";
import { countsText, markOf } from "./progress/mark.ts";
import { isWork } from "./progress/view-task.ts";
import { duration } from "./text/duration.ts";
import { headline } from "./text/headline.ts";
import { interruptedText, isInterruption } from "./text/interrupted.ts";
import { skipReason } from "./text/skip-reason.ts";
import { table } from "./text/table.ts";
import { numberText } from "./text/value.ts";

const mostMetrics = 4;
const mostRows = 60;

/** All tasks of a run as a table: mark, name, status, time, and their metrics or what went wrong. */
export function taskTable(tasks: readonly TaskRow[], output: Output): string[] {
  const shown = tasks.filter(isWork);
  const important = shown.length <= mostRows ? shown : shown.filter(isImportant).slice(0, mostRows);
  const items = new ItemNames(tasks);
  const lines = table(important.map((task) => rowOf(task, items, output)));
  const seen = new Set(important);
  const left = shown.filter((task) => !seen.has(task));
  if (left.length === 0) return lines;
  return [...lines, output.style("dim", `  and ${left.length} more: ${countsText(left)}`)];
}

/** In a long table, items that went well are left out. */
function isImportant(task: TaskRow): boolean {
  return task.status === "failed" || task.status === "waiting" || !task.id.includes("[");
}

function rowOf(task: TaskRow, items: ItemNames, output: Output): string[] {
  const { sign, word, style } = markOf(task);
  const took = task.endedAt !== null && !task.cached && task.attempts > 0 ? duration(task.ranMs) : "";
  const attempts = task.attempts > 1 ? `${task.attempts} attempts` : "";
  return [
    `${output.style(style, sign)} ${items.label(task.id)}`,
    output.style(style, word),
    took.padStart(8),
    [attempts, detailOf(task, output)].filter((text) => text !== "").join("  "),
  ];
}

function detailOf(task: TaskRow, output: Output): string {
  if (task.status === "pending" && isInterruption(task.error)) return output.style("yellow", interruptedText);
  // One that was cancelled, or that runs again, keeps the error of its last attempt.
  if (task.error && (task.status === "failed" || task.status === "pending")) {
    return output.style("red", `${task.error.code} ${headline(task.error.message)}`);
  }
  if (task.status === "waiting" || task.status === "up") return task.message ?? "";
  if (task.reason !== null) return output.style("dim", skipReason(task.reason));
  const metrics = Object.entries(task.metrics).filter(([name]) => !name.startsWith("system/"));
  const named = metrics.slice(0, mostMetrics).map(([name, value]) => `${name} ${numberText(value)}`);
  return [...named, ...(metrics.length > mostMetrics ? ["…"] : [])].join("  ");
}
