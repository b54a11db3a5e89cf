import type { RunDetail, TaskRow } from "../api/index.ts";
import type { Output } from "./output.ts";
import { countsText } from "./progress/mark.ts";
import { isWork } from "./progress/view-task.ts";
import { taskTable } from "./task-table.ts";
import { duration } from "./text/duration.ts";
import { shellWord } from "./text/shell-word.ts";
import { valueText, words } from "./text/value.ts";

/** What came of a run: its tasks, the last tasks' results a line each, verdicts, models, and where to look next. */
export function printSummary(detail: RunDetail, output: Output): void {
  const { run, status, created, finished, tasks } = detail;
  output.line();
  for (const line of taskTable(tasks, output)) output.line(line);
  output.line();
  const lines = [...resultLines(tasks), ...findings(detail)];
  for (const line of lines) output.line(line);
  if (lines.length > 0) output.line();
  const took = finished === null ? "" : ` in ${duration(finished - created)}`;
  const colour = status === "succeeded" ? "green" : status === "failed" ? "red" : "yellow";
  output.line(`run ${run} ${output.style(colour, status)}${took}: ${countsText(tasks.filter(isWork))}`);
  output.line("look next:");
  for (const line of nextSteps(detail)) output.line(`  ${line}`);
}

/** A line for each result of the tasks that no other follows: `test accuracy 0.9722`. */
function resultLines(tasks: readonly TaskRow[]): string[] {
  const last = tasks.filter((task) => task.last && task.kind !== "checker" && !isItem(task));
  return last.flatMap(({ result }) =>
    Object.entries(result).map(([name, value]) => `${words(name)} ${valueText(value)}`),
  );
}

/** Verdicts of checkers, and versions of models that were registered. */
export function findings({ tasks, models }: RunDetail): string[] {
  const checked = tasks.filter(
    (task) => task.kind === "checker" && task.status === "succeeded" && !isItem(task),
  );
  return [
    ...checked.map(({ id, result }) => `verdict of ${id}: ${valueText(result.status ?? "none")}`),
    ...models.map(
      ({ name, version, cached }) =>
        `registered ${name} version ${version}${cached ? " (by an earlier run)" : ""}`,
    ),
  ];
}

function nextSteps({ run, status, tasks }: RunDetail): string[] {
  const steps: string[] = [];
  for (const { id, kind, status: state } of tasks) {
    if (kind === "approval" && state === "waiting") steps.push(`scanflow approve ${run} ${shellWord(id)}`);
  }
  const failed = firstFailed(tasks);
  const ran = failed !== undefined && failed.attempts > 0;
  // What was never started, or what a person said no to, has no log.
  if (failed) steps.push(ran ? `scanflow logs ${run} ${shellWord(failed.id)}` : `scanflow show ${run}`);
  if (status === "failed") steps.push(`scanflow retry ${run}`);
  if (status === "paused") steps.push(`scanflow resume ${run}`);
  if (!failed || ran) steps.push(`scanflow show ${run}`);
  if (!failed) {
    const logged = tasks.findLast(({ attempts }) => attempts > 0) ?? tasks.findLast(({ cached }) => cached);
    if (logged) steps.push(`scanflow logs ${run} ${shellWord(logged.id)}`);
  }
  return steps;
}

function firstFailed(tasks: readonly TaskRow[]): TaskRow | undefined {
  const failed = tasks.filter(({ status }) => status === "failed");
  return failed.sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0))[0];
}

/** One of many that a map made. */
function isItem({ id }: { readonly id: string }): boolean {
  return id.includes("[");
}
