import type { PurgeReport, PurgeTarget } from "@scanflow/tracking";
import { z } from "zod";
import type { Call, CommandFunction } from "../command.ts";
import { askYes, requirePerson } from "../confirm.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { readOptions, span } from "../read-options.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";
import { type Purger, upkeepOptions, withPurger } from "../tracker-upkeep.ts";

const Options = z.object({
  ...upkeepOptions,
  yes: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  olderThan: span.default(0),
});

export const purgeRuns: CommandFunction = (call) =>
  purge(call, () => ({ kind: "runs", runIds: given(call.arguments) }));

export const purgeExperiment: CommandFunction = (call) =>
  purge(call, () => ({ kind: "experiment", name: call.arguments[0] ?? "" }));

export const purgeModel: CommandFunction = (call) =>
  purge(call, () => ({ kind: "model", name: call.arguments[0] ?? "" }));

export const purgeVersions: CommandFunction = (call) => {
  const [name = "", ...versions] = call.arguments;
  return purge(call, () => ({ kind: "versions", name, versions: given(versions) }));
};

export const purgeDeleted: CommandFunction = (call) =>
  purge(call, ({ olderThan }) => ({ kind: "deleted", olderThanMs: olderThan }));

function given(words: readonly (string | undefined)[]): string[] {
  return words.filter((word) => word !== undefined);
}

type Asked = z.output<typeof Options>;

async function purge(call: Call, targetOf: (asked: Asked) => PurgeTarget): Promise<ExitCode> {
  const asked = readOptions(Options, call.options);
  const { yes, dryRun } = asked;
  const { output } = call;
  const target = targetOf(asked);
  return withPurger(call, asked, {
    target,
    work: async (purger) => {
      if (!yes && !dryRun && !(await agreed(purger, output))) return EXIT.done;
      const report = await purger.purge(dryRun);
      if (output.json) output.document(report);
      else print(report, `${dryRun ? "Would remove" : "Removed"} from ${purger.place}`, output);
      return EXIT.done;
    },
  });
}

/** A person sees what would go. False: nothing would. Errors: SCANFLOW_UNCONFIRMED. */
async function agreed({ purge, place }: Purger, output: Output): Promise<boolean> {
  const survey = await purge(true);
  // What is not there is told first.
  requirePerson(output);
  print(survey, `This removes from ${place}, for good`, output);
  if (lines(survey).length === 0) return false;
  await askYes("Remove all this?");
  return true;
}

function print(report: PurgeReport, begin: string, output: Output): void {
  const { kept, holders, young } = report;
  const found = lines(report);
  output.line(found.length === 0 ? `${begin}: nothing.` : `${begin}:`);
  for (const line of found) output.line(`  ${line}`);
  for (const { kind, name, why } of kept) output.note(`Kept ${kind} ${name}: ${why}.`);
  if (holders.length > 0) {
    output.note(
      `${counted(holders.length, "run")} that ${holders.length === 1 ? "stays holds" : "stay hold"} files of these versions: ${holders.join(", ")}.`,
    );
  }
  if (young > 0) {
    output.note(
      `${counted(young, "file")} younger than a minute may be on the way through another server; "scanflow gc" takes what stays unused.`,
    );
  }
}

function lines({ experiments, runIds, models, versions, loggedModels, files, bytes }: PurgeReport): string[] {
  const some = (count: number, what: string, names: readonly string[]) =>
    count === 0 ? [] : [`${counted(count, what)}${names.length > 0 ? `: ${names.join(", ")}` : ""}`];
  return [
    ...some(experiments.length, "experiment", experiments),
    ...some(runIds.length, "run", runIds),
    ...some(models.length, "registered model", models),
    ...some(versions.length, "version", versions),
    ...some(loggedModels.length, "logged model", loggedModels),
    ...(files === 0 ? [] : [`${counted(files, "file")}, ${size(bytes)}`]),
  ];
}
