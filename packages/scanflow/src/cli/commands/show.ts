import type { RunDetail, TaskRow } from "../../api/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { ItemNames } from "../item-names.ts";
import type { Output } from "../output.ts";
import { withClient } from "../session.ts";
import { findings } from "../summary.ts";
import { taskTable } from "../task-table.ts";
import { duration } from "../text/duration.ts";
import { moment } from "../text/moment.ts";
import { size } from "../text/size.ts";
import { table } from "../text/table.ts";
import { valueText } from "../text/value.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const [run = "latest"] = call.arguments;
  const detail = await withClient(call, (client) => client.runs.show({ run }));
  if (output.json) output.document(detail);
  else print(detail, output);
  return EXIT.done;
};

function print(detail: RunDetail, output: Output): void {
  const { run, workflow, status, created, finished, user, params, tasks, cause, cancelReason, data } = detail;
  const title = (text: string) => output.line(output.style("bold", text));
  title(`${workflow}  run ${run}  ${status}`);
  const took = finished === null ? "" : `, took ${duration(finished - created)}`;
  output.line(`started ${moment(created)}${user === null ? "" : ` by ${user}`}${took}`);
  if (cause.kind === "reproduce") output.line(`reproduces run ${cause.run}`);
  if (cancelReason !== null) output.line(`cancelled: ${cancelReason}`);
  const given = Object.entries(params).map(([name, value]) => `${name}=${valueText(value)}`);
  if (given.length > 0) output.line(`params ${given.join("  ")}`);
  const versions = Object.entries(data).map(([name, { dataset, version, digest }]) => {
    const exact = `${dataset}@${version}`;
    return `${name === exact ? exact : `${name} → ${exact}`} (${digest.slice(0, 19)})`;
  });
  if (versions.length > 0) output.line(`data ${versions.join("  ")}`);
  output.line();
  for (const line of taskTable(atRest(detail), output)) output.line(line);
  output.line();
  const items = new ItemNames(tasks);
  const results = resultRows(tasks, items);
  if (results.length > 0) {
    title("Results");
    for (const line of table(results)) output.line(`  ${line}`);
    output.line();
  }
  const artifacts = artifactRows(tasks, items);
  if (artifacts.length > 0) {
    title("Artifacts");
    for (const line of table(artifacts)) output.line(`  ${line}`);
    output.line();
  }
  for (const line of findings(detail)) output.line(line);
}

/** What ran when its owner ended does not run now. */
function atRest({ status, tasks }: RunDetail): TaskRow[] {
  if (status !== "interrupted") return tasks;
  const error = { code: "SCANFLOW_ATTEMPT_LOST", message: "" };
  return tasks.map((task) =>
    task.status === "running" || task.status === "up" ? { ...task, status: "pending", error } : task,
  );
}

function resultRows(tasks: readonly TaskRow[], items: ItemNames): string[][] {
  return tasks.flatMap(({ id, result }) =>
    Object.entries(result).map(([name, value]) => [items.label(id), name, valueText(value)]),
  );
}

function artifactRows(tasks: readonly TaskRow[], items: ItemNames): string[][] {
  return tasks.flatMap(({ id, outputs }) =>
    Object.entries(outputs).map(([name, { path, size: bytes, digest }]) => [
      items.label(id),
      name === path ? name : `${name} (${path})`,
      bytes === null ? "gone" : size(bytes),
      digest.slice(0, 19),
    ]),
  );
}
