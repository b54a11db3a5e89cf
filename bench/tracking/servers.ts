import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { HttpClient } from "./http-client.ts";

/** A server under test, in processes of its own. */
export interface Server {
  readonly name: string;
  readonly client: HttpClient;
  /** From the start of the process to the first good answer. */
  readonly coldStartMs: number;
  /** Resident memory of the process and its children, bytes. */
  memory(): number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export const API = "/api/2.0/mlflow";
const built = join(import.meta.dirname, "../../packages/scanflow/dist/cli/main.js");

/** The command of the built package, on the data that lie in the folder. */
export async function startOurs(folder: string, store = "sqlite:///t.db"): Promise<Server> {
  const port = await freePort();
  const code = `import { enableCompileCache } from "node:module"; enableCompileCache();
    const { main } = await import(${JSON.stringify(pathToFileURL(built).href)});
    await main(["track", "--port", "${port}", "--store", ${JSON.stringify(store)}, "--artifacts", "files"]);`;
  return startServer("scanflow", port, {
    command: process.execPath,
    args: ["--input-type=module", "-e", code],
    folder,
  });
}

export async function startMlflow(folder: string, bin: string): Promise<Server> {
  const port = await freePort();
  const places = ["--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", "files"];
  const args = ["server", "--host", "127.0.0.1", "--port", String(port), ...places];
  return startServer("mlflow", port, { command: join(bin, "mlflow"), args, folder });
}

export async function startFloor(folder: string): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "floor.ts")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(child.stdout, "data")) as [Buffer];
  return serverOf("floor", child, { url: String(url).trim(), coldStartMs: Number.NaN });
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
}

async function startServer(name: string, port: number, program: Program): Promise<Server> {
  const url = `http://127.0.0.1:${port}`;
  const start = performance.now();
  // A group of its own, so that the workers of a server end with it.
  const child = spawn(program.command, program.args, { cwd: program.folder, detached: true, stdio: "pipe" });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-5000);
    });
  }
  while (!(await healthy(url))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${said}`);
  }
  return serverOf(name, child, { url, coldStartMs: performance.now() - start });
}

async function healthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return false;
  }
}

function serverOf(
  name: string,
  child: ChildProcess,
  { url, coldStartMs }: { url: string; coldStartMs: number },
): Server {
  const pid = child.pid ?? 0;
  const client = new HttpClient(url);
  const ended = once(child, "exit");
  return {
    name,
    client,
    coldStartMs,
    memory: () => memoryOf(pid),
    kill: async (signal) => {
      client.close();
      if (child.spawnargs.includes("server")) process.kill(-pid, signal);
      else child.kill(signal);
      await ended;
    },
  };
}

function memoryOf(pid: number): number {
  try {
    const own = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), Number(own ?? 0) * 1024);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
