import type { RunDetail, TaskRow } from "../api/index.ts";
import type { Output } from "./output.ts";
import { countsText } from "./progress/mark.ts";
import { taskTable } from "./task-table.ts";
import { duration } from "./text/duration.ts";
import { valueText, words } from "./text/value.ts";

/** What came of a run: its tasks, the last tasks' results a line each, verdicts, models, and where to look next. */
export function printSummary(detail: RunDetail, output: Output): void {
  const { run, status, created, finished, tasks } = detail;
  output.line();
  for (const line of taskTable(tasks, output)) output.line(line);
  output.line();
  printOutcome(detail, output);
  const took = finished === null ? "" : ` in ${duration(finished - created)}`;
  const colour = status === "succeeded" ? "green" : status === "failed" ? "red" : "yellow";
  output.line(`run ${run} ${output.style(colour, status)}${took}: ${countsText(workOf(tasks))}`);
  for (const line of nextSteps(detail)) output.line(`  ${line}`);
}

/** What a run gave: results of the tasks that no other follows, verdicts and registered models. */
export function printOutcome({ tasks, models }: RunDetail, output: Output): void {
  const lines: string[] = [];
  for (const task of tasks) {
    if (!task.last || task.status !== "succeeded" || task.kind === "checker" || isItem(task)) continue;
    for (const [name, value] of Object.entries(task.result)) lines.push(`${words(name)} ${valueText(value)}`);
  }
  for (const { id, kind, status, result } of tasks) {
    if (kind !== "checker" || status !== "succeeded" || isItem({ id })) continue;
    lines.push(`verdict of ${id}: ${valueText(result.status ?? "none")} (${valueText(result.kind ?? "")})`);
  }
  for (const { name, version, cached } of models) {
    lines.push(`registered ${name} version ${version}${cached ? " (by an earlier run)" : ""}`);
  }
  for (const line of lines) output.line(line);
  if (lines.length > 0) output.line();
}

function nextSteps({ run, status, tasks }: RunDetail): string[] {
  const steps: string[] = [];
  for (const { id, kind, status: state } of tasks) {
    if (kind === "approval" && state === "waiting") steps.push(`scanflow approve ${run} ${id}`);
  }
  const failed = tasks.find((task) => task.status === "failed" && task.attempts > 0);
  if (failed) steps.push(`scanflow logs ${run} ${failed.id}`);
  if (status === "failed") steps.push(`scanflow retry ${run}`);
  if (status === "paused") steps.push(`scanflow resume ${run}`);
  steps.push(`scanflow show ${run}`);
  if (!failed) {
    const logged = tasks.findLast(({ attempts }) => attempts > 0) ?? tasks.findLast(({ cached }) => cached);
    if (logged) steps.push(`scanflow logs ${run} ${logged.id}`);
  }
  return steps;
}

/** Tasks that do work or wait for a person. */
function workOf(tasks: readonly TaskRow[]): TaskRow[] {
  return tasks.filter(({ kind }) => kind !== "entry" && kind !== "map" && kind !== "choice");
}

/** One of many that a map made. */
function isItem({ id }: { readonly id: string }): boolean {
  return id.includes("[");
}
