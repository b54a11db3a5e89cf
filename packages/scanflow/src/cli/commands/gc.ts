import { z } from "zod";
import type { Garbage } from "../../api/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { readOptions, span, whole } from "../read-options.ts";
import { withClient } from "../session.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { table } from "../text/table.ts";

const Options = z.object({
  keep: whole.optional(),
  olderThan: span.optional(),
  run: z.array(z.string()).default([]),
  grace: span.optional(),
  environments: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

export const command: CommandFunction = async (call) => {
  const { keep, olderThan, run, grace, ...flags } = readOptions(Options, call.options);
  const { output } = call;
  const asked = { keepRuns: keep, olderThanMs: olderThan, runs: run, graceMs: grace, ...flags };
  const garbage = await withClient(call, (client) => client.upkeep.collect(asked));
  if (output.json) output.document(garbage);
  else print(garbage, flags.dryRun, output);
  return EXIT.done;
};

function print({ runs, keptForModels, artifacts, ...rest }: Garbage, dryRun: boolean, output: Output): void {
  const rows = [
    ["artifacts", counted(artifacts.files, "file"), size(artifacts.bytes)],
    ...Object.entries(rest).map(([name, { folders, bytes }]) => [
      name,
      counted(folders, "folder"),
      size(bytes),
    ]),
  ];
  const bytes = artifacts.bytes + Object.values(rest).reduce((sum, one) => sum + one.bytes, 0);
  for (const run of runs) output.line(`${dryRun ? "would drop" : "dropped"} run ${run}`);
  for (const line of table(rows)) output.line(line);
  output.line(`${dryRun ? "Would free" : "Freed"} ${size(bytes)}.`);
  if (keptForModels.length === 0) return;
  const which = counted(keptForModels.length, "run");
  output.note(`Kept ${which} whose models are registered: ${keptForModels.join(", ")}. Drop one with --run.`);
}
