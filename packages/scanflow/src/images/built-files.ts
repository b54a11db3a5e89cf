import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ScanflowError } from "@scanflow/core";
import { underLock } from "../file-lock.ts";
import { describeFile } from "./describe-file.ts";
import type { ImageFile } from "./image-recipe.ts";
import { type OwnPackage, ownPackages } from "./own-packages.ts";

const run = promisify(execFile);

/** What a package needs when it runs: neither types nor maps nor tests. */
const leftOut = /(\.d\.ts|\.map|\.tsbuildinfo)$|\.(test|support)\.|(^|\/)(fixtures|testing(\.js)?)(\/|$)/;

async function runningFiles({ folder }: OwnPackage, path: string): Promise<ImageFile[]> {
  const below = ["bin", "dist"].flatMap((part) => filesBelow(folder, part));
  const files = ["package.json", ...below].filter((file) => !leftOut.test(file)).sort();
  return Promise.all(files.map((file) => describeFile(`${folder}/${file}`, `${path}/${file}`)));
}

/** The files below a part of a package, if it has that. A pattern would be tried on every name of thousands. */
function filesBelow(folder: string, part: string): string[] {
  if (!existsSync(`${folder}/${part}`)) return [];
  return readdirSync(`${folder}/${part}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${part}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(folder, path);
    return entry.isFile() ? [path] : [];
  });
}

/** What of our packages runs. */
export interface BuiltPackage {
  readonly own: OwnPackage;
  /** Under the package's name. */
  readonly files: readonly ImageFile[];
}

/**
 * The packages with what of them runs, looked at once in a process. In a checkout they are compiled first, unless they
 * are already. Errors: SCANFLOW_ENVIRONMENT_FAILED.
 */
export function builtPackages(): Promise<readonly BuiltPackage[]> {
  built ??= build().then((packages) =>
    Promise.all(packages.map(async (own) => ({ own, files: await runningFiles(own, own.name) }))),
  );
  built.catch(() => {
    built = undefined;
  });
  return built;
}

let built: Promise<readonly BuiltPackage[]> | undefined;

async function build(): Promise<readonly OwnPackage[]> {
  const packages = ownPackages();
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const fromSource = existsSync(fileURLToPath(new URL("../../tsconfig.json", import.meta.url)));
  if (!fromSource || !existsSync(compiler) || packages.every(isCompiled)) return packages;
  const name = Buffer.from(root).toString("base64url").slice(-60);
  await underLock(join(tmpdir(), `scanflow-compile-${process.getuid?.() ?? 0}-${name}.lock`), {
    waiting: () => undefined,
    work: () => run(process.execPath, [compiler, "-b", "packages/scanflow"], { cwd: root }).catch(judge),
  });
  return packages;
}

/** Whether no source is newer than what was compiled; asking the compiler costs the start of two programs. */
function isCompiled({ folder }: OwnPackage): boolean {
  const compiled = statSync(join(folder, "dist/.tsbuildinfo"), { throwIfNoEntry: false });
  if (compiled === undefined) return false;
  const sources = filesBelow(folder, "src").filter((file) => file.endsWith(".ts"));
  return ["package.json", ...sources].every(
    (file) => statSync(`${folder}/${file}`).mtimeMs <= compiled.mtimeMs,
  );
}

/** The compiler writes what it can: a wrong type is no hindrance to run, here as little as from the sources. */
function judge(cause: unknown): void {
  if (existsSync(fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)))) return;
  const said =
    cause instanceof Error && "stdout" in cause
      ? String(cause.stdout).split("\n").slice(0, 5).join("\n")
      : "";
  throw new ScanflowError(
    "SCANFLOW_ENVIRONMENT_FAILED",
    `Scanflow's own image is made of its sources, and they do not compile:\n${said}\nCorrect them, and see "npm run build".`,
    { cause },
  );
}
