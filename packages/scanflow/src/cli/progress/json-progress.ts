import type { RunEvent, TaskSummary } from "@scanflow/core";
import type { RunDetail } from "../../api/index.ts";
import type { Output } from "../output.ts";
import type { Progress } from "./progress.ts";
import { isWork } from "./view-task.ts";

/** Events as JSON lines, each as it is in the journal; but the last line has the same fields however a run rests. */
export function jsonProgress(output: Output): Progress {
  return {
    event: (event) => output.line(JSON.stringify(lineOf(event))),
    line: () => {},
    omitted: () => {},
    end: () => {},
  };
}

function lineOf(fact: RunEvent): object {
  if (fact.event === "run-finished") {
    const { event, run, status, tasks } = fact;
    return { event, run, status, tasks };
  }
  const { seq, run, time, event, ...data } = fact;
  return { event, run, ...data, seq, time };
}

/** The last line of a run that goes no further without a person, in the shape of the line of one that ended. */
export function restLine({ run, tasks }: RunDetail, status: "waiting" | "paused"): string {
  const rows = tasks.filter(isWork).map(
    ({ id, status: state, cached, attempts, ranMs }): TaskSummary => ({
      ...{ name: id, status: state, cached, attempts, durationMs: ranMs },
    }),
  );
  return JSON.stringify({ event: `run-${status}`, run, status, tasks: rows });
}
