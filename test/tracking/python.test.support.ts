import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { takeFileLock } from "@scanflow/tracking/store";

const run = promisify(execFile);

/** The stock clients, with what their scikit-learn models need. */
export const clients = {
  "2.x": ["mlflow-skinny>=2.14,<3", "scikit-learn", "pandas"],
  "3.x": ["mlflow-skinny>=3.6,<4", "scikit-learn", "pandas", "skops"],
};

/**
 * The Python of a virtual environment with the packages. It is made once and kept for the next test run.
 * Where none can be made (no Python, no package index) the test is passed over, but not in CI.
 */
export async function pythonWith(version: string, requirements: string[]): Promise<string | undefined> {
  const folder = join(tmpdir(), `scanflow-mlflow-${version}-${process.getuid?.() ?? 0}`);
  const python = join(folder, "bin", "python");
  const done = join(folder, "requirements.txt");
  const wanted = requirements.join("\n");
  const release = await lock(`${folder}.lock`);
  const ready = async () =>
    (await run(python, ["-c", `print(open("${done}").read())`])).stdout.trim() === wanted;
  try {
    if (existsSync(done) && (await ready())) return python;
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder]);
    await run(python, ["-m", "pip", "install", "--quiet", ...requirements], { timeout: 500_000 });
    await compileImported(python);
    await writeFile(`${done}.new`, wanted);
    await rename(`${done}.new`, done);
    return python;
  } catch (error) {
    if (process.env.CI === "true") throw error;
    process.stderr.write(`skipped: no Python environment with ${requirements[0]}: ${error}\n`);
    return undefined;
  } finally {
    release();
  }
}

/** What the scripts of the tests import, as far as it is installed. */
const imported = ["mlflow", "mlflow.server", "mlflow.sklearn", "pandas", "sklearn.linear_model", "skops.io"];

/**
 * Keeps what Python compiles of it beside the packages. Where pip does not compile and the environment forbids Python to
 * write, each script would do that again: most of its time.
 */
async function compileImported(python: string): Promise<void> {
  const script = `from contextlib import suppress
for name in ${JSON.stringify(imported)}:
    with suppress(ImportError):
        __import__(name)`;
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "", MLFLOW_DISABLE_TELEMETRY: "true" };
  await run(python, ["-W", "ignore", "-c", script], { env, timeout: 180_000 });
}

/** Test files run side by side: the first one that needs an environment makes it, the others wait. */
async function lock(file: string): Promise<() => void> {
  for (;;) {
    const held = takeFileLock(file);
    if (held) return () => held.release();
    await delay(200);
  }
}
