import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";
import { scanflow } from "./cli.test.support.ts";
import { root } from "./house/sources.ts";

/** A folder outside the workspace, where no installation of scanflow is found. */
export function foreignFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "scanflow-upkeep-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of an example outside the workspace. */
export function foreignExample(example: string): string {
  const folder = join(foreignFolder(), example);
  cpSync(join(root, "examples", example), folder, {
    recursive: true,
    filter: (path) => ![".scanflow", "__pycache__", "node_modules"].includes(basename(path)),
  });
  return folder;
}

export interface ShownRun {
  readonly run: string;
  readonly status: string;
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly cached: boolean;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
  readonly models: readonly { readonly name: string; readonly version: number }[];
}

/** The JSON document that a command prints. */
export async function document<T>(folder: string, ...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await scanflow(folder, [...args, "--json"]);
  if (code !== 0) throw new Error(`scanflow ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`);
  return JSON.parse(stdout);
}

/** By task and output, what a run made. */
export function digestsOf({ tasks }: ShownRun): Record<string, string> {
  return Object.fromEntries(
    tasks.flatMap(({ id, outputs }) =>
      Object.entries(outputs).map(([name, { digest }]) => [`${id}.${name}`, digest]),
    ),
  );
}
