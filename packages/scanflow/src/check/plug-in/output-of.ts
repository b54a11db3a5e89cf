import { spawn } from "node:child_process";
import { ScanflowError } from "@scanflow/core";

/** Most of its output that is kept: a verdict is far smaller. */
const MOST_OUTPUT = 16 * 1024 * 1024;

interface Running {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Runs a line of the shell to its end, and gives what it printed.
 *
 * @throws ScanflowError SCANFLOW_PLUGIN_FAILED when it fails or takes too long
 */
export async function outputOf(command: string, { env, cwd, signal, timeoutMs }: Running): Promise<string> {
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
    if (late.aborted) {
      throw failed(
        command,
        `took longer than ${timeoutMs / 1000} s`,
        "Let it do less, or allow more with --timeout",
      );
    }
    if (code === 0) return output;
    const said = (errors.trim() || output.trim().slice(-2000)).trim();
    throw failed(
      command,
      `ended with ${code}${said === "" ? "" : `:\n${said}\n`}`,
      "Correct it: a checker that has judged ends with 0",
    );
  } finally {
    stop.removeEventListener("abort", end);
    end();
  }
}

export function failed(command: string, problem: string, action: string): ScanflowError {
  const end = problem.endsWith("\n") ? "" : ". ";
  return new ScanflowError("SCANFLOW_PLUGIN_FAILED", `The checker "${command}" ${problem}${end}${action}.`);
}
