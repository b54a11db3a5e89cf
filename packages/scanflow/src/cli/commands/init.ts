import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { applicationName } from "../../config/index.ts";
import { codedError } from "../coded-error.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { ask } from "../init/ask.ts";
import { starterFiles } from "../init/starter-files.ts";
import { readOptions } from "../read-options.ts";

const Options = z.object({ yaml: z.boolean().optional(), name: z.string().min(1).optional() });

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const folder = resolve(call.directory, call.arguments[0] ?? ".");
  const given = readOptions(Options, call.options);
  const named = given.name ?? applicationName(basename(folder));
  const { name, yaml } = isTalk(call)
    ? await ask({ ...given, name: named })
    : { name: named, yaml: given.yaml ?? false };
  const files = starterFiles({ name, yaml });
  refuseOverwriting(folder, Object.keys(files));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  }
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

function refuseOverwriting(folder: string, paths: readonly string[]): void {
  const there = [...CONFIGS, ...paths].find((path) => existsSync(join(folder, path)));
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
