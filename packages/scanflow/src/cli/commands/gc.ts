import { z } from "zod";
import type { Garbage } from "../../api/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { readOptions, span, whole } from "../read-options.ts";
import { withClient } from "../session.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { table } from "../text/table.ts";
import { isStandalone, upkeepOptions, withStandalone } from "../tracker-upkeep.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  keep: whole.optional(),
  olderThan: span.optional(),
  run: z.array(z.string()).default([]),
  grace: span.optional(),
  environments: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  ...upkeepOptions,
});

/** What chooses runs of an application, or is kept beside it. */
const ofApplication = ["keep", "olderThan", "run", "environments"] as const;

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output } = call;
  if (isStandalone(call, options)) return collectStandalone(call, options);
  const { keep, olderThan, run, grace, environments, dryRun } = options;
  const flags = { environments, dryRun };
  const asked = { keepRuns: keep, olderThanMs: olderThan, runs: run, graceMs: grace, ...flags };
  const garbage = await withClient(call, (client) => client.upkeep.collect(asked));
  if (output.json) output.document(garbage);
  else print(garbage, flags.dryRun, output);
  return EXIT.done;
};

async function collectStandalone(call: Call, options: z.output<typeof Options>): Promise<ExitCode> {
  const { output } = call;
  const { grace: graceMs, dryRun, yes: force } = options;
  const wrong = ofApplication.filter((name) => call.options[name] !== undefined);
  if (wrong.length > 0) {
    const flags = wrong.map((name) => `--${name === "olderThan" ? "older-than" : name}`).join(", ");
    throw codedUsageError(
      `${flags} is about runs of an application, not of a tracker that stands for itself. To remove runs there, use "scanflow purge".`,
    );
  }
  return withStandalone(call, options, async ({ place, collect }) => {
    const garbage = await collect({ graceMs, dryRun, force });
    if (output.json) {
      output.document(garbage);
      return EXIT.done;
    }
    const { files, bytes, young, uploads } = garbage;
    const freed = `${dryRun ? "Would free" : "Freed"} ${size(bytes)}`;
    const abandoned = uploads > 0 ? `, and ${counted(uploads, "upload")} that were given up` : "";
    output.line(`${freed} of ${place}: ${counted(files, "file")} that nothing refers to${abandoned}.`);
    if (young > 0)
      output.note(`${counted(young, "unused file")} stay for now; --grace says from what age they go.`);
    return EXIT.done;
  });
}

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
