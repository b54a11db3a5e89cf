import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { askBefore, perform, platformDiff } from "../../deploy/deployers/perform.ts";
import { deployers } from "../../deploy/deployers/table.ts";
import { compareFolder, refuseForeign, writeFolder } from "../../deploy/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { printDiff } from "../deploy/print-diff.ts";
import { type Prepared, prepareDeployment, TargetOptions } from "../deploy/read-deployment.ts";
import { telling } from "../deploy/telling.ts";
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
  const { deployment, folder, root, files } = prepared;
  const deployer = deployers[prepared.target.name];
  const placed = { deployment, files, folder, root };
  await askBefore(deployer, placed, { brings: true });
  if (diff) return compare(call, prepared);
  const exported = { application: deployment.application, target: prepared.target.name, files };
  const comparison = await compareFolder(folder, exported);
  if (!overwrite) refuseForeign(comparison);
  await explainUnwritable(folder, () => writeFolder(comparison));
  await perform(deployer, deployer.up(placed), telling(call));
  print(call, prepared);
  return EXIT.done;
};

/** By the platform's own tool where it can, else by the files that were deployed last; nothing is written. */
async function compare(call: Call, prepared: Prepared): Promise<0 | 1> {
  const { deployment, target, folder, root, files } = prepared;
  const exported = { application: deployment.application, target: target.name, files };
  const deployer = deployers[target.name];
  if (deployer.diff === undefined) return printDiff(call, await compareFolder(folder, exported));
  const draft = await mkdtemp(join(tmpdir(), "scanflow-deploy-"));
  try {
    await writeFolder(await compareFolder(draft, exported));
    const step = deployer.diff({ deployment, files, folder: draft, root });
    const changed = await platformDiff(deployer, step, { write: (text) => call.output.write(text) });
    return changed ? EXIT.failed : EXIT.done;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function print({ output }: Call, { target, deployment, shown, files }: Prepared): void {
  const { application, digest } = deployment;
  if (output.json) {
    output.document({ application, target: target.name, plan: digest, files: files.map(({ path }) => path) });
    return;
  }
  output.line(`Deployed ${application} to ${target.name}, by the files in ${shown}.`);
  output.line(`Take it away again with: scanflow undeploy ${target.name}`);
}
