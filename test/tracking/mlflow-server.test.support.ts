import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { onTestFinished } from "vitest";
import { follow } from "../cli.test.support.ts";

/** The stock client with what it needs to write an SQLite file, and to serve one. */
export const mlflowWithServer = [
  ...["mlflow-skinny>=3.6,<4", "sqlalchemy", "alembic"],
  ...["aiohttp", "cryptography", "flask", "flask-cors", "graphene", "huey", "pandas"],
];

/** MLflow's own server on an SQLite file and artifacts in the folder; it ends with the test. */
export async function startMlflowServer(python: string, folder: string): Promise<string> {
  const port = await freePort();
  const places = ["--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", "mlflow-files"];
  const args = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"];
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" };
  // In a group of its own: it starts others.
  const child = spawn(python, [...args, ...places], { cwd: folder, env, detached: true });
  const server = follow(child);
  onTestFinished(() => endGroup(child.pid));
  await server.saw("Application startup complete");
  return `http://127.0.0.1:${port}`;
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
