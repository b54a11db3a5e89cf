import { spawn } from "node:child_process";
import { LineSplitter } from "../log/line-splitter.ts";
import { markerVariable } from "../process/marker.ts";

export interface ToolOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Token under which the tool and what it starts are found. */
  readonly token: string;
  readonly line: (line: string) => void;
}

/** The tool could not be started, or ended with another code than 0. */
export class ToolError extends Error {
  readonly missing: boolean;
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[], missing = false) {
    super(message);
    this.lines = lines;
    this.missing = missing;
  }
}

const keptLines = 30;

/** Runs a tool to its end in a group of its own; its output goes line by line to `line`. Throws `ToolError`. */
export function runTool(argv: readonly [string, ...string[]], options: ToolOptions): Promise<string[]> {
  const [file, ...args] = argv;
  const { cwd, env, token } = options;
  const kept: string[] = [];
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...env, [markerVariable]: token },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new LineSplitter((whole) => {
        for (const line of whole.toString().trimEnd().split("\n")) {
          kept.push(line);
          if (kept.length > keptLines) kept.shift();
          options.line(line);
        }
      });
      stream.on("data", (chunk: Buffer) => lines.write(chunk));
      stream.on("end", () => lines.end());
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(new ToolError(`${file} cannot be started (${error.message})`, [], error.code === "ENOENT"));
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(kept);
      else reject(new ToolError(`${file} ended with ${signal ?? `exit code ${code}`}`, kept));
    });
  });
}
