import type { RunDetail } from "../api/index.ts";
import { ItemNames } from "./item-names.ts";
import { isWork } from "./progress/view-task.ts";
import { counted } from "./text/counted.ts";
import { moment } from "./text/moment.ts";
import { table } from "./text/table.ts";

/** What a person should know before a run is reproduced: what happens again, and which answers are taken over. */
export function reproductionNotes({ run, workflow, status, created, tasks }: RunDetail): string[] {
  const again = tasks.filter((task) => isWork(task) && task.kind !== "approval" && hasRun(task));
  const answers = tasks.filter((task) => task.kind === "approval" && hasRun(task));
  const items = new ItemNames(tasks);
  return [
    `Reproducing run ${run} of ${workflow} (${status}, started ${moment(created)}).`,
    `Every task runs again (${counted(again.length, "task")}), with all that it does outside of this folder. Nothing is taken from the cache, and no model is registered.`,
    ...(answers.length > 0 ? ["Answers that are taken over, so that nobody is asked:"] : []),
    ...table(answers.map(({ id, result }) => [`  ${items.label(id)}`, answerText(result)])),
  ];
}

function hasRun({ status }: RunDetail["tasks"][number]): boolean {
  return status === "succeeded" || status === "failed";
}

function answerText({ approved, by, comment }: RunDetail["tasks"][number]["result"]): string {
  const said = typeof comment === "string" && comment !== "" ? `: ${comment}` : "";
  return `${approved === true ? "yes" : "no"}, by ${by}${said}`;
}
