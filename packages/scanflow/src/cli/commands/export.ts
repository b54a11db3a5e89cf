import { z } from "zod";
import { type Comparison, compareFolder, refuseForeign, writeFolder } from "../../deploy/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { printDiff, toldChange } from "../deploy/print-diff.ts";
import { type Prepared, prepareDeployment, TargetOptions } from "../deploy/read-deployment.ts";
import { EXIT } from "../exit-code.ts";
import { explainUnwritable } from "../output-file.ts";
import { readOptions } from "../read-options.ts";

const Options = TargetOptions.extend({
  out: z.string().min(1, "must be a folder").optional(),
  diff: z.boolean().default(false),
  overwrite: z.boolean().default(false),
});

export const command: CommandFunction = async (call) => {
  const { out, diff, overwrite, ...options } = readOptions(Options, call.options);
  const [target = "", workflow] = call.arguments;
  const prepared = await prepareDeployment(call, { target, workflow, out, options, runs: true });
  const { deployment, folder, files } = prepared;
  const comparison = await compareFolder(folder, {
    application: deployment.application,
    target: prepared.target.name,
    files,
  });
  if (diff) return printDiff(call, comparison);
  if (!overwrite) refuseForeign(comparison);
  await explainUnwritable(folder, () => writeFolder(comparison));
  print(call, prepared, comparison);
  return EXIT.done;
};

function print({ output }: Call, prepared: Prepared, { folder, changes }: Comparison): void {
  const { target, deployment, shown } = prepared;
  const apply = target.apply(deployment, shown);
  if (output.json) {
    output.document({
      folder,
      target: target.name,
      plan: deployment.digest,
      files: changes.map(toldChange),
      apply,
    });
    return;
  }
  const same = changes.filter(({ kind }) => kind === "same").length;
  for (const { kind, path } of changes) {
    if (kind !== "same") output.line(`${output.style(COLOURS[kind], kind.padEnd(8))} ${shown}/${path}`);
  }
  if (same > 0) output.line(`${same} ${same === 1 ? "file" : "files"} unchanged in ${shown}`);
  output.line("Apply with:");
  output.line(`  ${apply}`);
}

const COLOURS = { new: "green", changed: "yellow", removed: "red" } as const;
