import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** How the command of a tracking server is run: `node`, these arguments, then those of the command line. */
export interface Launch {
  readonly nodeArguments: readonly string[];
  readonly folder: string;
  /** More options of `track`. */
  readonly options?: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A tracking server in a process of its own, that listens. */
export interface ChildServer {
  readonly url: string;
  /** Sends it a signal. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Its exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts `scanflow track`; port 0 takes a free one. Resolves when it listens. */
export async function startTrack(launch: Launch, port: number): Promise<ChildServer> {
  const { nodeArguments, folder, options = [], env } = launch;
  const args = [...nodeArguments, "track", "--json", "--port", String(port), ...options];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await urlOf(child);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { url, ended, signal: (name) => child.kill(name) };
}

/** From the first line that it prints. */
function urlOf(child: ChildProcess): Promise<string> {
  let out = "";
  let err = "";
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (out.includes("\n")) resolve(JSON.parse(out.split("\n", 1)[0] ?? "").url);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`the server ended with ${code}:\n${out}${err}`)));
  });
}
