import { nearest } from "@scanflow/core";
import { z } from "zod";
import type { RunRow } from "../../api/index.ts";
import { findConfig, loadApplication } from "../../config/index.ts";
import { codedError } from "../coded-error.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Output, Style } from "../output.ts";
import { ordinal, readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";
import { duration } from "../text/duration.ts";
import { moment } from "../text/moment.ts";
import { table } from "../text/table.ts";

const Options = z.object({ workflow: z.string().optional(), limit: ordinal.default(20) });

export const command: CommandFunction = async (call) => {
  const { workflow, limit } = readOptions(Options, call.options);
  const { output } = call;
  const runs = await withClient(call, (client) => client.runs.list({ workflow, limit }));
  if (runs.length === 0 && workflow !== undefined) await refuseUnknown(call, workflow);
  if (output.json) output.document(runs);
  else if (runs.length === 0) output.line(noRuns(workflow));
  else for (const line of listed(runs, output)) output.line(line);
  return EXIT.done;
};

/** Of a workflow that has no runs, and that the application may not have. Errors: SCANFLOW_WORKFLOW_UNKNOWN. */
async function refuseUnknown({ directory }: Call, workflow: string): Promise<void> {
  const { application } = await loadApplication(findConfig(directory));
  const names = application.workflows.map(({ name }) => name);
  if (names.includes(workflow)) return;
  const close = nearest(workflow, names);
  throw codedError(
    "SCANFLOW_WORKFLOW_UNKNOWN",
    `There is no workflow "${workflow}" and no run of one${close === undefined ? "" : ` (did you mean "${close}"?)`}. The workflows are: ${names.join(", ")}.`,
  );
}

function noRuns(workflow: string | undefined): string {
  if (workflow === undefined) return `No runs yet. Start one with "scanflow run".`;
  return `No runs of workflow "${workflow}" yet. Start one with "scanflow run ${workflow}".`;
}

const STYLES: Partial<Record<RunRow["status"], Style>> = {
  succeeded: "green",
  failed: "red",
  running: "cyan",
  interrupted: "yellow",
  waiting: "yellow",
  paused: "yellow",
};

function listed(runs: readonly RunRow[], output: Output): string[] {
  const head = ["RUN", "WORKFLOW", "STATUS", "STARTED", "TOOK"].map((title) => output.style("dim", title));
  const rows = runs.map(({ run, workflow, status, created, finished }) => [
    run,
    workflow,
    output.style(STYLES[status] ?? "dim", status),
    moment(created),
    tookText(status, created, finished),
  ]);
  return table([head, ...rows]);
}

/** A run that nobody has in hand takes no time. */
function tookText(status: RunRow["status"], created: number, finished: number | null): string {
  if (finished !== null) return duration(finished - created);
  return status === "running" || status === "cancelling" ? duration(Date.now() - created) : "";
}
