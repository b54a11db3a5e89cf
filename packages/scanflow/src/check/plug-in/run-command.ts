import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseVerdict, type Verdict } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import type { CheckSpec } from "../check-spec.ts";
import type { PlugInRun } from "./run-plug-in.ts";

/** Most of its output that is kept: a verdict is far smaller. */
const MOST_OUTPUT = 16 * 1024 * 1024;

/**
 * Runs a command as the node contract has it: the data at SCANFLOW_INPUT_WINDOW and SCANFLOW_INPUT_REFERENCE, params in
 * SCANFLOW_PARAMS_FILE and SCANFLOW_PARAM_…; the verdict is what it writes to SCANFLOW_OUTPUT_VERDICT, else the JSON
 * that it prints.
 *
 * @throws ScanflowError SCANFLOW_PLUGIN_FAILED when it fails, says nothing or takes too long; ChecksError
 * SCANFLOW_VERDICT_INVALID
 */
export async function runCommand(
  command: string,
  { params, files }: CheckSpec,
  { inputs, signal }: PlugInRun,
): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-check-"));
  try {
    const verdict = join(folder, "verdict.json");
    const paramsFile = join(folder, "params.json");
    await writeFile(paramsFile, JSON.stringify(params));
    const { current, reference, root, timeoutMs } = inputs;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...paramVariables(params),
      ...Object.fromEntries(
        Object.entries(files).map(([name, path]) => [`SCANFLOW_INPUT_${variable(name)}`, resolve(path)]),
      ),
      SCANFLOW_INPUT_WINDOW: resolve(current),
      SCANFLOW_INPUT_CURRENT: resolve(current),
      ...(reference === null ? {} : { SCANFLOW_INPUT_REFERENCE: resolve(reference) }),
      SCANFLOW_PARAMS_FILE: paramsFile,
      SCANFLOW_OUTPUT_VERDICT: verdict,
    };
    const printed = await outputOf(command, { env, cwd: root, signal, timeoutMs });
    const written = await readFile(verdict, "utf8").catch(() => null);
    return parseVerdict(documentOf(written ?? printed, command));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function paramVariables(params: CheckSpec["params"]): Record<string, string> {
  const entries = Object.entries(params).map(([name, value]) => [
    `SCANFLOW_PARAM_${variable(name)}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries);
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll(/\W/g, "_");
}

/** The JSON of the output: all of it, else what stands from the last line on that begins an object. */
function documentOf(text: string, command: string): string {
  const trimmed = text.trim();
  if (trimmed === "")
    throw failed(command, "gave no verdict", `Print one as JSON, or write it to SCANFLOW_OUTPUT_VERDICT`);
  const start = trimmed.startsWith("{") ? 0 : trimmed.lastIndexOf("\n{") + 1;
  return trimmed.slice(start);
}

interface Running {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

async function outputOf(command: string, { env, cwd, signal, timeoutMs }: Running): Promise<string> {
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

function failed(command: string, problem: string, action: string): ScanflowError {
  const end = problem.endsWith("\n") ? "" : ". ";
  return new ScanflowError("SCANFLOW_PLUGIN_FAILED", `The checker "${command}" ${problem}${end}${action}.`);
}
