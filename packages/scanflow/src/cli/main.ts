import { resolve } from "node:path";
import { CommanderError } from "commander";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { Output } from "./output.ts";
import { makeProgram } from "./program.ts";
import { usageError } from "./usage-error.ts";

/** Runs one command line. Sets the process's exit code and returns when all is done. */
export async function main(argv: readonly string[]): Promise<void> {
  endWithReader(process.stdout);
  endWithReader(process.stderr);
  // As it was typed: what cannot be parsed still wants its error in the form that was asked for.
  const typed = new Output({ json: argv.includes("--json"), color: !argv.includes("--no-color") });
  const program = makeProgram((row, args, options) => async () => {
    const {
      json = false,
      color = true,
      dir = ".",
      server = process.env.SCANFLOW_SERVER ?? "",
    } = program.opts<Globals>();
    const output = new Output({ json, color });
    const { command } = await row.load();
    process.exitCode = await command({ arguments: args, options, directory: resolve(dir), server, output });
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    if (error instanceof CommanderError && error.code === "commander.help") {
      // Called without a command: the help was printed to stderr.
      process.exitCode = EXIT.usage;
      return;
    }
    const shown = error instanceof CommanderError ? usageError(error) : error;
    typed.error(shown);
    process.exitCode = error instanceof CommanderError ? EXIT.usage : exitCodeOf(error);
  }
}

interface Globals {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly dir?: string;
  readonly server?: string;
}

/** `scanflow ls | head` ends when `head` has read enough; runs that this process owns are left to be resumed. */
function endWithReader(stream: NodeJS.WriteStream): void {
  let left = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // EIO: the terminal itself is gone.
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    if (left) return;
    left = true;
    if (!process.emit("SIGTERM")) process.exit();
  });
}
