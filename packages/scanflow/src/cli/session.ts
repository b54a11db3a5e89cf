import type { Client } from "../api/index.ts";
import { findRoot } from "../config/index.ts";
import { keepHeapSmall } from "../engine/index.ts";
import { type Connection, connect, connectServer, type OwnerOptions } from "../server/index.ts";
import type { Call } from "./command.ts";
import { errorCode } from "./error-code.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { AGAIN, type Interrupt, onInterrupt, othersEndingText } from "./interrupt.ts";
import { codedUsageError } from "./usage-error.ts";

/** A connection to the owner of the folder that a command was called in. */
export interface Session {
  readonly connection: Connection;
  readonly interrupt: Interrupt;
}

/** The folder of the application that a call is about. Errors: SCANFLOW_CONFIG_MISSING. */
export function applicationRoot({ directory }: Call): string {
  return findRoot(directory);
}

/** For a command that asks the owner something and is done. */
export function withClient<T>(call: Call, work: (client: Client) => Promise<T>): Promise<T> {
  return asking(call, async (connection) => {
    try {
      return await work(connection.client);
    } finally {
      await connection.close();
    }
  });
}

/**
 * For a command that moves contents, which may take long and ends when the owner does: the first signal to end leaves
 * nothing half-copied behind.
 */
export function withTransfer<T>(call: Call, work: (client: Client) => Promise<T>): Promise<T> {
  return asking(call, async (connection) => {
    const interrupt = onInterrupt(async () => {
      await connection.close();
      process.exit(EXIT.interrupted);
    });
    try {
      return await work(connection.client);
    } finally {
      await (interrupt.signal.aborted ? interrupt.done : connection.close());
      interrupt.stop();
    }
  });
}

function asking<T>(call: Call, work: (connection: Connection) => Promise<T>): Promise<T> {
  const { output } = call;
  // What is printed already would be printed again.
  return reconnecting(call, { listen: false, again: () => !output.wrote }, work);
}

export interface RunCommand<Begun> {
  readonly options?: Omit<OwnerOptions, "listen">;
  /** The first thing that the owner is asked; asked again of the next owner if this one ends before it took it on. */
  readonly begin: (client: Client) => Promise<Begun>;
  readonly follow: (session: Session, begun: Begun) => Promise<ExitCode>;
}

/**
 * For a command that starts or takes up a run. As the owner it stays for the runs that other commands started here,
 * and the first signal to end leaves all runs so that they can be resumed.
 */
export function withRun<Begun>(call: Call, { options, begin, follow }: RunCommand<Begun>): Promise<ExitCode> {
  let begun: { readonly it: Begun } | null = null;
  return reconnecting(call, { ...options, listen: true, again: () => true }, async (connection) => {
    const { client, owner } = connection;
    const interrupt = onInterrupt(() => connection.close());
    try {
      begun ??= { it: await begin(client) };
      const exit = await follow({ connection, interrupt }, begun.it);
      if (owner && !interrupt.signal.aborted) {
        if (owner.busy && (await othersRun(client))) call.output.note(OTHERS);
        await Promise.race([owner.idle(), interrupt.heard]);
        if (interrupt.signal.aborted) {
          call.output.note(`${othersEndingText} ${AGAIN}`);
          return EXIT.interrupted;
        }
      }
      return exit;
    } finally {
      await (interrupt.signal.aborted ? interrupt.done : connection.close());
      interrupt.stop();
    }
  });
}

/** The run that was followed rests, but may not be out of the owner's hands yet. */
async function othersRun(client: Client): Promise<boolean> {
  const runs = await client.runs.list({ limit: 100 });
  return runs.some(({ status }) => status === "running" || status === "cancelling");
}

const OTHERS = "Other commands' runs are still under way in this process; it ends with the last of them.";

async function here(call: Call, options: OwnerOptions): Promise<Connection> {
  const root = applicationRoot(call);
  const connection = await connect(root, { ...options, warn: (code, text) => call.output.warn(code, text) });
  // Function steps run in threads, which cannot have a working directory of their own.
  if (connection.owner) process.chdir(root);
  return connection;
}

/** Where and how it works, a server elsewhere was told when it was started. */
async function elsewhere({ server: url }: Call, { listen: _, ...own }: OwnerOptions): Promise<Connection> {
  const [option] = Object.entries(own).find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined) {
    throw codedUsageError(
      `The server at ${url} was told where its tasks run and what they may use when it was started. Leave --server away, or the other option.`,
    );
  }
  return connectServer({ url, token: process.env.SCANFLOW_SERVER_TOKEN ?? "" });
}

const patienceMs = 15_000;

interface Reconnecting extends OwnerOptions {
  /** Whether the work may be begun anew where the owner was lost without an answer. */
  readonly again: () => boolean;
}

/** An owner that ends just when it is asked is none: then the next one is asked, or this process becomes it. */
async function reconnecting<T>(
  call: Call,
  { again, ...options }: Reconnecting,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  keepHeapSmall();
  for (;;) {
    const connection = call.server === "" ? await here(call, options) : await elsewhere(call, options);
    try {
      return await work(connection);
    } catch (error) {
      const code = errorCode(error);
      const ended = code === "SCANFLOW_OWNER_CLOSING" || (code === "SCANFLOW_OWNER_UNREACHABLE" && again());
      if (!ended || performance.now() > deadline) throw error;
    }
  }
}
