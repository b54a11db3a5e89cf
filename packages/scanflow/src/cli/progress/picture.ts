import type { Output } from "../output.ts";
import { duration } from "../text/duration.ts";
import { clip, pad, printable, widthOf } from "../text/width.ts";
import { countsText, markOf } from "./mark.ts";
import type { RunView } from "./run-view.ts";
import { type Leaf, rowsOf } from "./tree.ts";
import type { ViewTask } from "./view-task.ts";

export interface PictureOptions {
  /** Columns and rows there are. */
  readonly width: number;
  readonly height: number;
  readonly now: number;
  /** Turns the spinner. */
  readonly frame: number;
  readonly style: Output["style"];
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const widestName = 48;

/** A run as lines of a terminal: a row for each task, nested ones indented, and the counts below. */
export function picture(view: RunView, options: PictureOptions): string[] {
  const { width, height, now, style } = options;
  const { rows, left } = rowsOf(view.branches, Math.max(1, height - 3));
  const named = rows.map((row) => ({ row, name: `${"  ".repeat(row.depth)}${row.branch.name}` }));
  const column = Math.min(widestName, Math.max(0, ...named.map(({ name }) => widthOf(name))));
  const head = `${view.workflow} ${view.run}  ${duration(now - view.created)}`;
  const tail = `${view.status === "running" ? "" : `${view.status}: `}${countsText(view.work)}`;
  return [
    style("bold", clip(head, width)),
    ...named.map(({ row, name }) => rowText(row, pad(clip(name, column), column), options)),
    ...(left.length > 0 ? [style("dim", clip(`  … ${left.length} more: ${countsText(left)}`, width))] : []),
    clip(tail, width),
  ];
}

function rowText(
  { branch, folded }: Leaf,
  name: string,
  { width, now, frame, style }: PictureOptions,
): string {
  const { task } = branch;
  if (folded.length > 0) {
    const text = clip(`${name}  ${countsText(folded)}`, width - 2);
    return `${style("dim", " ")} ${style("dim", text)}`;
  }
  if (!task || task.kind === "entry" || task.kind === "choice") {
    const quiet = !task || task.kind === "entry" ? " " : markOf(task).sign;
    return `${style("dim", quiet)} ${style(task?.kind === "entry" ? "bold" : "dim", clip(name, width - 2))}`;
  }
  const { sign, style: colour } = markOf(task);
  const shown = task.status === "running" ? (SPINNER[frame % SPINNER.length] ?? sign) : sign;
  const took = tookText(task, now).padStart(8);
  const start = clip(`${name}  ${took}`, width - 2);
  const room = width - 2 - widthOf(start) - 2;
  const detail =
    room > 8 ? style(task.status === "failed" ? "red" : "dim", clip(detailText(task, now), room)) : "";
  return `${style(colour, shown)} ${start}${detail === "" ? "" : `  ${detail}`}`;
}

function tookText(task: ViewTask, now: number): string {
  if (task.cached && task.status === "succeeded") return "cached";
  if (task.startedAt === null || task.status === "pending") return "";
  if (task.status === "skipped" || task.status === "upstream-failed") return markOf(task).word;
  return duration((task.endedAt ?? now) - task.startedAt);
}

function detailText(task: ViewTask, now: number): string {
  if (task.retryAt !== null) {
    return `next try in ${duration(task.retryAt - now)} (attempt ${task.attempts + 1}): ${printable(task.detail)}`;
  }
  if (task.status !== "running") return printable(task.detail);
  return printable(task.lines.at(-1) ?? "");
}
