import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { pythonEnvironment } from "../python-environment.ts";

/** The folder of programs of a virtual environment with the stock server. */
export function mlflowBin(): Promise<string> {
  return pythonEnvironment("mlflow", ["mlflow>=3,<4"]);
}

/** Makes the tables of a new database, as the server does when it starts. */
export async function makeMlflowTables(bin: string, folder: string): Promise<void> {
  const command = ["db", "upgrade", "sqlite:///mlflow.db"];
  await promisify(execFile)(join(bin, "mlflow"), command, { cwd: folder });
}
