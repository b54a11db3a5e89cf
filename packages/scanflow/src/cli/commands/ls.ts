import { z } from "zod";
import type { RunRow } from "../../api/index.ts";
import type { CommandFunction } from "../command.ts";
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
  if (output.json) output.document(runs);
  else if (runs.length === 0) output.line(`No runs yet. Start one with "scanflow run".`);
  else for (const line of listed(runs, output)) output.line(line);
  return EXIT.done;
};

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
