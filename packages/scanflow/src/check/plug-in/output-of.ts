import { spawn } from "node:child_process";
import { type Failure, tooLong } from "./plug-in-failed.ts";

/** Most of its output that is kept: a verdict is far smaller. */
const MOST_OUTPUT = 16 * 1024 * 1024;

interface Running {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Tells that it failed or took too long. */
  readonly failed: Failure;
}

/**
 * Runs a line of the shell to its end, and gives what it printed.
 *
 * @throws what `failed` makes, when it fails or takes too long
 */
export async function outputOf(
  command: string,
  { env, cwd, signal, timeoutMs, failed }: Running,
): Promise<string> {
  // A process group of its own, so that what the shell has started ends with it.
  const child = spawn(command, { shell: true, cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output.length < MOST_OUTPUT) output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = `${errors}${text}`.slice(-2000);
  });
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const late = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, late]);
  stop.addEventListener("abort", end, { once: true });
  try {
    const code = await new Promise<number | string | null>((done, reject) => {
      child.on("error", reject);
      child.on("close", (exit, by) => done(by ?? exit));
    });
    signal.throwIfAborted();
    if (late.aborted) throw tooLong(failed, timeoutMs);
    if (code === 0) return output;
    const said = (errors.trim() || output.trim().slice(-2000)).trim();
    throw failed(
      `ended with ${code}${said === "" ? "" : `:\n${said}\n`}`,
      "Correct it: with its work done it ends with 0",
    );
  } finally {
    stop.removeEventListener("abort", end);
    end();
  }
}
