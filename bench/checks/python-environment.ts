import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The Python of a virtual environment with these packages, made once and kept. @param name of the environment */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(tmpdir(), `scanflow-bench-${name}-${process.getuid?.() ?? 0}`);
  const python = join(folder, "bin/python");
  const done = join(folder, "complete");
  if (existsSync(done)) return python;
  await run("python3", ["-m", "venv", folder]);
  await run(python, ["-m", "pip", "install", "--quiet", ...packages]);
  await run("touch", [done]);
  return python;
}
