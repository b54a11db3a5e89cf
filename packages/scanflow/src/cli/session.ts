import { dirname } from "node:path";
import { findConfig } from "../config/index.ts";
import { type Connection, connect, type OwnerOptions } from "../server/index.ts";
import type { Call } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { type Interrupt, onInterrupt } from "./interrupt.ts";

/** A connection to the owner of the folder that a command was called in. */
export interface Session {
  readonly connection: Connection;
  readonly interrupt: Interrupt;
}

/** The folder of the application that a call is about. Errors: SCANFLOW_CONFIG_MISSING. */
export function applicationRoot({ directory }: Call): string {
  return dirname(findConfig(directory));
}

/** For a command that asks the owner something and is done. */
export async function withClient<T>(
  call: Call,
  work: (client: Connection["client"]) => Promise<T>,
): Promise<T> {
  const connection = await connect(applicationRoot(call), { listen: false });
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
}

/**
 * For a command that starts or takes up a run. As the owner it stays for the runs that other commands started here,
 * and the first signal to end leaves all runs so that they can be resumed.
 */
export async function withRun(
  call: Call,
  options: Omit<OwnerOptions, "listen">,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const connection = await connect(applicationRoot(call), { ...options, listen: true });
  const { owner } = connection;
  const interrupt = onInterrupt(() => connection.close());
  try {
    const exit = await work({ connection, interrupt });
    if (owner && !interrupt.signal.aborted && owner.busy) {
      call.output.note(
        "Other commands' runs are still under way in this process; it ends with the last of them.",
      );
      await Promise.race([owner.idle(), interrupt.heard]);
      if (interrupt.signal.aborted) return EXIT.interrupted;
    }
    return exit;
  } finally {
    await (interrupt.signal.aborted ? interrupt.done : connection.close());
    interrupt.stop();
  }
}
