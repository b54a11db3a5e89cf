import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The folder of programs of a virtual environment with these packages, made once and kept. @param name of the environment */
export async function pythonEnvironment(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(tmpdir(), `scanflow-bench-${name}-${process.getuid?.() ?? 0}`);
  const bin = join(folder, "bin");
  const done = join(folder, "packages.txt");
  const wanted = packages.join("\n");
  if (existsSync(done) && readFileSync(done, "utf8") === wanted) return bin;
  rmSync(folder, { recursive: true, force: true });
  await run("python3", ["-m", "venv", folder]);
  await run(join(bin, "python"), ["-m", "pip", "install", "--quiet", ...packages]);
  writeFileSync(done, wanted);
  return bin;
}

/** The Python of such an environment. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  return join(await pythonEnvironment(name, packages), "python");
}
