import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { applicationName, findConfig, loadApplication } from "../../config/index.ts";
import { platformName } from "../../platform-name.ts";
import { codedError } from "../coded-error.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { ask } from "../init/ask.ts";
import { githubFile, githubPipeline } from "../init/pipelines/github.ts";
import { gitlabFile, gitlabPipeline } from "../init/pipelines/gitlab.ts";
import { type PipelineOptions, type PipelineTarget, pipelineTargets } from "../init/pipelines/pipeline.ts";
import { starterFiles } from "../init/starter-files.ts";
import { readOptions } from "../read-options.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  yaml: z.boolean().optional(),
  name: z.string().min(1).optional(),
  ci: z.enum(["github", "gitlab"], "must be github or gitlab").optional(),
  target: z.enum(pipelineTargets, `must be one of ${pipelineTargets.join(", ")}`).optional(),
});

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const folder = resolve(call.directory, call.arguments[0] ?? ".");
  const { ci, target, ...given } = readOptions(Options, call.options);
  if (target !== undefined && ci === undefined) {
    throw codedUsageError("--target says what a pipeline deploys to: give --ci with it, or leave it out.");
  }
  if (ci !== undefined && hasConfig(folder)) return addPipeline(call, folder, { ci, target });
  const named = given.name ?? applicationName(basename(folder));
  const { name, yaml } = isTalk(call)
    ? await ask({ ...given, name: named })
    : { name: named, yaml: given.yaml ?? false };
  const starter = starterFiles({ name, yaml });
  const pipeline = { target: target ?? "kubernetes", namespace: platformName(name), python: false };
  const files = ci === undefined ? starter : { ...starter, ...pipelineFile(ci, pipeline) };
  refuseOverwriting(folder, [...CONFIGS, ...Object.keys(files)]);
  await writeNew(folder, files);
  const written = Object.keys(files);
  if (output.json) output.document({ folder, files: written });
  else print(call, folder, written);
  return EXIT.done;
};

/** Whether a person can be asked. */
function isTalk({ output, options }: Call): boolean {
  return output.terminal && process.stdin.isTTY === true && !output.json && options.yaml === undefined;
}

const CONFIGS = [
  "scanflow.config.ts",
  "scanflow.config.js",
  "scanflow.config.mjs",
  "scanflow.yaml",
  "scanflow.yml",
];

function hasConfig(folder: string): boolean {
  return CONFIGS.some((name) => existsSync(join(folder, name)));
}

/** To an application that is there: what it needs is read from its definition. */
async function addPipeline(
  { output, directory }: Call,
  folder: string,
  {
    ci,
    target = "kubernetes",
  }: { readonly ci: "github" | "gitlab"; readonly target: PipelineTarget | undefined },
): Promise<ExitCode> {
  const { application } = await loadApplication(findConfig(folder));
  const python = application.workflows.some(({ nodes }) =>
    nodes.some((node) => "environment" in node && node.environment.kind === "python"),
  );
  const files = pipelineFile(ci, { target, namespace: platformName(application.name), python });
  const written = Object.keys(files);
  refuseOverwriting(folder, written);
  await writeNew(folder, files);
  if (output.json) output.document({ folder, files: written });
  else {
    output.line(`Wrote ${written.map((path) => join(relative(directory, folder), path)).join(", ")}.`);
    output.line("What it needs to be told stands at its top.");
  }
  return EXIT.done;
}

function pipelineFile(ci: "github" | "gitlab", options: PipelineOptions): Readonly<Record<string, string>> {
  return ci === "github"
    ? { [githubFile]: githubPipeline(options) }
    : { [gitlabFile]: gitlabPipeline(options) };
}

async function writeNew(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  }
}

function refuseOverwriting(folder: string, paths: readonly string[]): void {
  const there = paths.find((path) => existsSync(join(folder, path)));
  if (there === undefined) return;
  throw codedError(
    "SCANFLOW_FILE_EXISTS",
    `${join(folder, there)} is there already, and nothing was written. Choose another folder: scanflow init FOLDER.`,
  );
}

function print(call: Call, folder: string, written: readonly string[]): void {
  const { output, directory } = call;
  const at = relative(directory, folder);
  output.line(`Wrote ${written.map((path) => join(at, path)).join(", ")}.`);
  output.line("Next:");
  if (at !== "") output.line(`  cd ${at}`);
  output.line("  scanflow run");
}
