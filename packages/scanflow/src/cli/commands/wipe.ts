import { z } from "zod";
import type { Wiped } from "../../api/index.ts";
import { findConfig, loadApplication } from "../../config/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { requirePerson, unconfirmed } from "../confirm.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";
import { counted } from "../text/counted.ts";
import { size } from "../text/size.ts";

const Options = z.object({ yes: z.boolean().default(false), dryRun: z.boolean().default(false) });

export const command: CommandFunction = async (call) => {
  const { yes, dryRun } = readOptions(Options, call.options);
  const { output } = call;
  const [workflow = null] = call.arguments;
  if (!yes && !dryRun) await confirm(call, workflow);
  const wiped = await withClient(call, (client) => client.upkeep.wipe({ workflow, dryRun }));
  if (output.json) output.document(wiped);
  else {
    output.line(`${dryRun ? "Would remove" : "Removed"} ${nameOf(workflow)}:`);
    print(wiped, output);
  }
  return EXIT.done;
};

/** A person sees what would go and types the name. Errors: SCANFLOW_UNCONFIRMED. */
async function confirm(call: Call, workflow: string | null): Promise<void> {
  const { output } = call;
  requirePerson(output);
  const survey = await withClient(call, (client) => client.upkeep.wipe({ workflow, dryRun: true }));
  const name = workflow ?? (await loadApplication(findConfig(call.directory))).application.name;
  output.line(`This removes ${nameOf(workflow)}, for good:`);
  print(survey, output);
  const { isCancel, text } = await import("@clack/prompts");
  const typed = await text({ message: `Type ${name} to go on` });
  if (isCancel(typed) || typed.trim() !== name) throw unconfirmed("the name was not typed");
}

function nameOf(workflow: string | null): string {
  return workflow === null
    ? "all that is kept of the application"
    : `all that is kept of workflow "${workflow}"`;
}

function print(
  { runs, events, trackerRuns, modelVersions, dataVersions, artifacts, folders }: Wiped,
  output: Output,
): void {
  const versions = Object.entries(modelVersions).map(
    ([name, count]) => `${name} (${counted(count, "version")})`,
  );
  const lines = [
    `${counted(runs, "run")} with ${counted(events, "event")}, ${counted(trackerRuns, "run")} of the tracker`,
    ...(versions.length > 0 ? [`models ${versions.join(", ")}`] : []),
    ...(dataVersions > 0 ? [`${counted(dataVersions, "version")} of datasets`] : []),
    `${counted(artifacts.files, "file")} of artifacts that nobody else refers to, ${size(artifacts.bytes)}`,
    `${counted(folders.folders, "folder")} of logs and checkpoints, ${size(folders.bytes)}`,
  ];
  for (const line of lines) output.line(`  ${line}`);
}
