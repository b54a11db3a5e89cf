import type { RunEvent } from "@scanflow/core";
import type { Output } from "../output.ts";
import { duration } from "../text/duration.ts";
import { headline } from "../text/headline.ts";
import { interruptedText, isInterruption } from "../text/interrupted.ts";
import { pad, printable, widthOf } from "../text/width.ts";
import { markOf } from "./mark.ts";
import type { Progress } from "./progress.ts";
import type { RunView } from "./run-view.ts";

const widestName = 32;

/** One line for each event that matters and each line that a task writes, with the task's name before it. */
export function plainProgress(view: RunView, output: Output): Progress {
  const names = view.work.map(({ id }) => widthOf(view.items.label(id)));
  let width = Math.min(widestName, Math.max(0, ...names));
  const say = (task: string, text: string) => {
    const name = view.items.label(task);
    // Items of a map are not known before it is opened.
    width = Math.max(width, Math.min(widestName, widthOf(name)));
    output.line(`${pad(name, width)}  ${text}`.trimEnd());
  };
  return {
    event: (event) => {
      const text = eventText(event, view);
      if (text === null) return;
      if ("task" in event) say(event.task, text);
      else output.line(text);
    },
    line: (task, line) => {
      // A line that is drawn over comes once more when it is whole.
      if (!line.endsWith("\r")) say(task, `${output.style("dim", "|")} ${printable(line)}`);
    },
    omitted: (lines) =>
      output.line(output.style("dim", `(${lines} lines left out here; they are in the logs)`)),
    end: () => {},
  };
}

/** null: nothing that matters to one who watches. */
function eventText(event: RunEvent, view: RunView): string | null {
  const task = "task" in event ? view.tasks.get(event.task) : undefined;
  if (!task || !("task" in event)) return runText(event);
  const took = duration((task.endedAt ?? event.time) - (task.startedAt ?? event.time));
  switch (event.event) {
    case "task-expanded":
      return `${event.items.length} items`;
    case "task-skipped":
      return `${markOf(task).word}: ${task.detail}`;
    case "task-cached":
      return "cached";
    case "attempt-started":
      return event.attempt === 1 ? "started" : `started, attempt ${event.attempt}`;
    case "attempt-succeeded":
      return `done in ${took}`;
    case "attempt-failed": {
      if (event.retryAt !== null && isInterruption(event.error)) return interruptedText;
      const { code, message } = event.error;
      const wait = event.retryAt === null ? "" : `; next try in ${duration(event.retryAt - event.time)}`;
      return `failed: ${code} ${headline(message)}${wait}`;
    }
    case "service-ready":
      return `up at ${event.url}`;
    case "service-closed":
      return event.again ? "ended for now" : `ended after ${took}`;
    case "attempt-cancelled":
      return "cancelled";
    case "approval-requested":
      return `waits for approval: ${event.message}`;
    case "approval-decided":
      return task.detail;
    default:
      return null;
  }
}

function runText(event: RunEvent): string | null {
  switch (event.event) {
    case "run-resumed":
      return "taken up again";
    case "run-paused":
      return "paused: no more tasks start";
    case "run-cancelling":
      return `cancelling: ${event.reason}`;
    default:
      return null;
  }
}
