import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { onTestFinished } from "vitest";
import { follow } from "../cli.test.support.ts";

/** The stock client with what it needs to write an SQLite file, and to serve one. */
export const mlflowWithServer = [
  ...["mlflow-skinny>=3.6,<4", "sqlalchemy", "alembic"],
  ...["aiohttp", "cryptography", "flask", "flask-cors", "graphene", "huey", "pandas"],
];

interface MlflowServer {
  readonly url: string;
  /** Ends it and what it started. */
  end(): Promise<void>;
}

/** MLflow's own server, on `mlflow.db` in the folder and artifacts beside it; it ends with the test. */
export async function startMlflowServer(python: string, folder: string): Promise<MlflowServer> {
  const port = await freePort();
  const store = ["--backend-store-uri", "sqlite:///mlflow.db"];
  const args = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"];
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" };
  // In a group of its own: it starts others.
  const child = spawn(python, [...args, ...store], { cwd: folder, env, detached: true });
  const server = follow(child);
  onTestFinished(() => endGroup(child.pid));
  // It listens only after it has said that its start is complete.
  await server.saw("Uvicorn running on");
  const end = async () => {
    endGroup(child.pid);
    await server.ended;
  };
  return { url: `http://127.0.0.1:${port}`, end };
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Below those that the system gives to whoever asks for any: nobody takes it before the server does. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 30_000), "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue;
    }
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
  }
}
