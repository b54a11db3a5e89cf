import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The folder of programs of a virtual environment with the stock server, made once and kept. */
export async function mlflowBin(): Promise<string> {
  const folder = join(tmpdir(), `scanflow-bench-mlflow-${process.getuid?.() ?? 0}`);
  const bin = join(folder, "bin");
  if (existsSync(join(bin, "mlflow"))) return bin;
  await run("python3", ["-m", "venv", folder]);
  await run(join(bin, "python"), ["-m", "pip", "install", "--quiet", "mlflow>=3,<4"]);
  return bin;
}

/** Makes the tables of a new database, as the server does when it starts. */
export async function makeMlflowTables(bin: string, folder: string): Promise<void> {
  await run(join(bin, "mlflow"), ["db", "upgrade", "sqlite:///mlflow.db"], { cwd: folder });
}
