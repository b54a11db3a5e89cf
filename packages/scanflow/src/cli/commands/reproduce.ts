import { z } from "zod";
import type { Client, Comparison } from "../../api/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { ItemNames } from "../item-names.ts";
import type { Output } from "../output.ts";
import { ownerOptions } from "../owner-options.ts";
import { positive, readOptions } from "../read-options.ts";
import { reproductionNotes } from "../reproduction-notes.ts";
import { withClient, withRun } from "../session.ts";
import { table } from "../text/table.ts";
import { userName } from "../user-name.ts";

const Options = z.object({ cpus: positive.optional() });

/** Ends with 0 when all came out as it was, 1 when something differs. */
export const command: CommandFunction = async (call) => {
  const { cpus } = readOptions(Options, call.options);
  const [run = "latest"] = call.arguments;
  const { output } = call;
  return withRun(call, {
    options: ownerOptions({ cpus }),
    begin: async ({ runs }) => {
      const original = await runs.show({ run });
      // One that has not ended is refused.
      if (original.finished !== null) for (const note of reproductionNotes(original)) output.note(note);
      return runs.reproduce({ run: original.run, user: userName() });
    },
    follow: async (session, begun) => {
      for (const note of begun.notes) output.note(note);
      const exit = await followRun(session, begun, output);
      if (exit === EXIT.interrupted || exit === EXIT.waiting) return exit;
      const { client, owner } = session.connection;
      // Another's owner may end with the run.
      const equal = await (owner
        ? compare(client, begun.run, output)
        : withClient(call, (next) => compare(next, begun.run, output)));
      return equal ? EXIT.done : EXIT.failed;
    },
  });
};

async function compare({ runs }: Client, run: string, output: Output): Promise<boolean> {
  const comparison = await runs.compare({ run });
  if (output.json) output.line(JSON.stringify({ event: "run-compared", ...comparison }));
  else print(comparison, new ItemNames((await runs.show({ run })).tasks), output);
  return comparison.equal;
}

const CAUSES = {
  code: "what it is made of changed since",
  inputs: "what it was given differs",
  itself: "nothing it is made of changed: it does not always give the same",
} as const;

function print({ before, after, equal, tasks }: Comparison, items: ItemNames, output: Output): void {
  output.line();
  output.line(output.style("bold", `Run ${after.run} beside run ${before.run}`));
  const rows = tasks.map(({ task, equal: same, status, cause }) => [
    same ? output.style("green", "equal") : output.style("red", "different"),
    items.label(task),
    status ?? "not there",
    cause === null ? "" : CAUSES[cause],
  ]);
  for (const line of table(rows)) output.line(`  ${line}`);
  for (const { task, changed } of tasks) {
    for (const part of changed)
      output.line(
        output.style("yellow", `${part} of ${items.label(task)} changed since; it ran as it is now.`),
      );
  }
  for (const { task, differences } of tasks) {
    for (const { what, before: old, after: fresh, detail } of differences) {
      output.line(`  ${items.label(task)} ${what}: ${detail ?? `${short(old)} before, ${short(fresh)} now`}`);
    }
  }
  output.line(equal ? "All is equal." : "Not all is equal.");
}

function short(text: string): string {
  return text.startsWith("sha256:") ? text.slice(0, "sha256:".length + 12) : text;
}
