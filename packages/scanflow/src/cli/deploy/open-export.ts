import { z } from "zod";
import { type Comparison, compareFolder, refuseForeign, writeFolder } from "../../deploy/index.ts";
import type { Call } from "../command.ts";
import { explainUnwritable } from "../output-file.ts";
import { readOptions } from "../read-options.ts";
import { type Prepared, prepareDeployment, TargetOptions } from "./read-deployment.ts";

const Options = TargetOptions.extend({
  out: z.string().min(1, "must be a folder").optional(),
  diff: z.boolean().default(false),
  overwrite: z.boolean().default(false),
});

/** What `export` and `deploy` are both asked for: files on their way into a folder. */
export interface OpenExport extends Prepared {
  /** Only what would change is asked for. */
  readonly diff: boolean;
  /** The files beside what lies in a folder. Errors: those of `compareFolder`. */
  readonly compare: (folder: string) => Promise<Comparison>;
  /** Writes them into the folder. Errors: SCANFLOW_EXPORT_FOREIGN without `--overwrite`, and those of writing. */
  readonly write: () => Promise<Comparison>;
}

/** Errors: those of options and of `prepareDeployment`. */
export async function openExport(call: Call): Promise<OpenExport> {
  const { out, diff, overwrite, ...options } = readOptions(Options, call.options);
  const [target = "", workflow] = call.arguments;
  const prepared = await prepareDeployment(call, { target, workflow, out, options, runs: true });
  const { deployment, files, folder } = prepared;
  const exported = { application: deployment.application, target: prepared.target.name, files };
  const compare = (place: string) => compareFolder(place, exported);
  const write = async () => {
    const comparison = await compare(folder);
    if (!overwrite) refuseForeign(comparison);
    await explainUnwritable(folder, () => writeFolder(comparison));
    return comparison;
  };
  return { ...prepared, diff, compare, write };
}
