import type { Client, RunRow } from "../api/index.ts";
import type { Output } from "./output.ts";
import { moment } from "./text/moment.ts";
import { table } from "./text/table.ts";

/** A run for a command that was given none, and those that could be meant as well. */
export interface Choice {
  readonly chosen: RunRow;
  readonly others: readonly RunRow[];
}

type Status = RunRow["status"];

/** The newest of the runs whose status stands first in the list; null: no run has any of them. */
export function chooseByStatus(runs: readonly RunRow[], wanted: readonly Status[]): Choice | null {
  const meant = runs.filter(({ status }) => wanted.includes(status));
  const [chosen] = wanted.flatMap((status) => meant.find((run) => run.status === status) ?? []);
  return chosen ? { chosen, others: meant.filter((run) => run !== chosen) } : null;
}

/** The newest run; those that have a status of the list could be meant as well. null: there is no run. */
export function chooseNewest(runs: readonly RunRow[], wanted: readonly Status[]): Choice | null {
  const [chosen, ...older] = runs;
  return chosen ? { chosen, others: older.filter(({ status }) => wanted.includes(status)) } : null;
}

/** So many of the newest runs are looked at. */
const looked = 200;

export function newestRuns(client: Client): Promise<RunRow[]> {
  return client.runs.list({ limit: looked });
}

const mostListed = 5;

/** Tells a person who named no run which one it is, before anything is done. */
export function announce({ chosen, others }: Choice, doing: string, output: Output): void {
  const { run, workflow, status, created } = chosen;
  const known = `${status}, started ${moment(created)}`;
  output.note(`No run was named: ${doing} run ${run} of ${workflow} (${known}).`);
  if (others.length === 0) return;
  output.note("Others that could be meant:");
  const rows = others
    .slice(0, mostListed)
    .map((one) => [one.run, one.workflow, one.status, moment(one.created)]);
  for (const line of table(rows)) output.note(`  ${line}`);
  if (others.length > mostListed) {
    output.note(`  and ${others.length - mostListed} more; list them with "scanflow ls".`);
  }
}
