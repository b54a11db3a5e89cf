import { readFile } from "node:fs/promises";
import { join, posix, relative, resolve, sep } from "node:path";
import { type Application, formatProblem } from "@scanflow/core";
import { z } from "zod";
import { findConfig, loadApplication } from "../../config/index.ts";
import { deployImages } from "../../deploy/images.ts";
import {
  type Deployment,
  type DeployOptions,
  deploymentOf,
  deployOptions,
  type ExportedFile,
  exportManifestName,
  refuseLacks,
  type Target,
  targetNamed,
} from "../../deploy/index.ts";
import type { Call } from "../command.ts";
import { codedUsageError } from "../usage-error.ts";

const host = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "must be a name of DNS, such as ml.example.org");
const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be small letters, digits and dashes, 63 at most");

/** The options of the target, as `readOptions` takes them. */
export const TargetOptions = z.object({
  registry: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      "must be HOST[:PORT][/PREFIX] without a scheme, such as registry.example.org:5000/team",
    )
    .optional(),
  namespace: name.optional(),
  host: host.optional(),
  secret: name.optional(),
  artifacts: z
    .string()
    .regex(
      /^s3:\/\/[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](\/[a-zA-Z0-9._-]+)*\/?$/,
      "must be s3://BUCKET/PREFIX without a login, which the Secret has",
    )
    .optional(),
  repo: z.string().min(1, "must be the URL of a Git repository").optional(),
  path: z.string().min(1, "must be a folder").optional(),
  revision: z.string().min(1, "must be a branch, tag or commit").optional(),
});

/** An application on its way to a target, which can take it. */
export interface Prepared {
  readonly target: Target;
  readonly deployment: Deployment;
  readonly files: readonly ExportedFile[];
  /** The application's folder. */
  readonly root: string;
  /** The folder of the export: what `--out` says, from where the command was called. */
  readonly folder: string;
  /** The same as a person would write it there. */
  readonly shown: string;
}

interface Asked {
  readonly target: string;
  readonly workflow: string | undefined;
  readonly out: string | undefined;
  readonly options: DeployOptions;
  /** Whether it is to run there: then the target is asked for what it lacks. */
  readonly runs: boolean;
}

/**
 * Reads the application, asks the target for what it lacks, and makes the files.
 *
 * Errors: SCANFLOW_TARGET_UNKNOWN, SCANFLOW_TARGET_LACKS, SCANFLOW_USAGE, and those of the config and of images.
 */
export async function prepareDeployment(call: Call, asked: Asked): Promise<Prepared> {
  const { directory, output } = call;
  const target = await targetNamed(asked.target);
  refuseStrangeOptions(target, asked.options);
  const { application, root, warnings } = await loadApplication(findConfig(directory));
  for (const warning of warnings) {
    output.note(`${output.style("yellow", "hint")} ${formatProblem(warning)}`);
  }
  const registry = asked.options.registry ?? (process.env.SCANFLOW_REGISTRY || undefined);
  const folder =
    asked.out === undefined ? resolve(root, "deploy", target.name) : resolve(directory, asked.out);
  const source = relative(folder, root).split(sep).join("/") || ".";
  const planned = deploymentOf(application, {
    workflow: asked.workflow,
    options: { ...asked.options, registry, source },
    ...(target.needsFiles ? await readFiles(root, application) : {}),
  });
  const of = { root, application: application.name, registry };
  const deployment = { ...planned, images: await deployImages(planned.workflows, of) };
  if (asked.runs) refuseLacks(target, deployment);
  const files = target.export(deployment);
  return { target, deployment, files, root, folder, shown: shownAs(folder) };
}

/** The application's files but those of exports, which would hold themselves. */
async function readFiles(root: string, application: Application) {
  const { applicationFiles, neededFiles } = await import("../../upkeep/index.ts");
  const needed = await neededFiles(root, application);
  const { files: paths, leftOut } = await applicationFiles(root, needed);
  const exported = paths
    .filter((path) => posix.basename(path) === exportManifestName)
    .map((path) => `${posix.dirname(path)}/`);
  const own = paths.filter((path) => !exported.some((folder) => path.startsWith(folder)));
  const files = own.map(async (path) => ({ path, content: await readFile(join(root, path)) }));
  return { files: await Promise.all(files), leftOut: leftOut.filter((path) => needed.has(path)) };
}

function shownAs(folder: string): string {
  const below = relative(process.cwd(), folder) || ".";
  return below.startsWith("..") ? folder : below;
}

/** An option that changes nothing would be taken for one that does. */
function refuseStrangeOptions({ name: target }: Target, options: DeployOptions): void {
  const strange = deployOptions.filter(
    (row) => options[row.name] !== undefined && !row.targets.includes(target),
  );
  if (strange.length === 0) return;
  const named = strange.map(({ name: option, targets }) => `--${option} is for ${targets.join(", ")}`);
  throw codedUsageError(`${named.join("; ")}, not for ${target}. Leave it out.`);
}
