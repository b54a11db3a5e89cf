import { nearest, ScanflowError } from "@scanflow/core";
import type { Scheduler } from "../engine/index.ts";

/** The id of the task that is meant by an id or by its last part. Errors: SCANFLOW_TASK_UNKNOWN, SCANFLOW_TASK_AMBIGUOUS. */
export function resolveTask({ state }: Scheduler, text: string): string {
  const ids = state.tasks.map(({ id }) => id);
  if (ids.includes(text)) return text;
  const meant = ids.filter((id) => id.endsWith(`/${text}`));
  const [one] = meant;
  if (one !== undefined && meant.length === 1) return one;
  if (one !== undefined) {
    throw new ScanflowError(
      "SCANFLOW_TASK_AMBIGUOUS",
      `"${text}" may mean ${meant.slice(0, 5).join(", ")}${meant.length > 5 ? ", …" : ""}. Give the whole id.`,
    );
  }
  const close = nearest(text, ids) ?? nearest(text, ids.map(lastPart));
  throw new ScanflowError(
    "SCANFLOW_TASK_UNKNOWN",
    `Run ${state.run} has no task "${text}"${close === undefined ? "" : ` (did you mean "${close}"?)`}. List its tasks with "scanflow show ${state.run}".`,
  );
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
