import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const bin = fileURLToPath(new URL("../packages/scanflow/bin/scanflow.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the text, or what matches, stands in its output; rejects when it ends without it. */
  saw(sought: string | RegExp): Promise<void>;
  /** What it has printed so far. */
  stdout(): string;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What is run; the command line of the workspace if nothing is said. */
  readonly bin?: string;
}

/** Starts `scanflow` in a folder, as a person would. */
export function start(folder: string, args: readonly string[], options: StartOptions = {}): Running {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...inherited } = process.env;
  const env = { ...inherited, ...options.env };
  return follow(spawn(process.execPath, [options.bin ?? bin, ...args], { cwd: folder, env }));
}

/** Runs `scanflow` in a folder to its end. */
export function scanflow(folder: string, args: readonly string[], options?: StartOptions): Promise<Ended> {
  return start(folder, args, options).ended;
}

export function follow(child: ChildProcess): Running {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]): Ended => ({ code, signal, stdout, stderr }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const saw = (sought: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const stands = (text: string) =>
        typeof sought === "string" ? text.includes(sought) : sought.test(text);
      const look = () => {
        if (stands(stdout) || stands(stderr)) resolve();
      };
      child.stdout?.on("data", look);
      child.stderr?.on("data", look);
      void ended.then(({ code }) => {
        look();
        reject(new Error(`it ended with ${code} and never said ${String(sought)}:\n${stdout}\n${stderr}`));
      });
      look();
    });
  return { child, ended, saw, stdout: () => stdout };
}

/** A folder with these files, removed after the test. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** The last line of what `--json` printed. */
export function lastLine(stdout: string): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** A command that goes on when the file is there. */
export function until(file: string): string {
  return `while [ ! -e ${file} ]; do sleep 0.02; done`;
}
