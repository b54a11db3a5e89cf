import { EXIT } from "./exit-code.ts";
import { counted } from "./text/counted.ts";

export interface Interrupt {
  /** Aborted by the first signal to end. */
  readonly signal: AbortSignal;
  /** Resolves when it comes. */
  readonly heard: Promise<void>;
  /** What is done on it; resolved as long as it has not come. */
  readonly done: Promise<void>;
  stop(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does something on the first signal to end; the second ends the process at once. */
export function onInterrupt(act: () => Promise<void>): Interrupt {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const controller = new AbortController();
  let done = Promise.resolve();
  const hear = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    done = act();
    // Whoever awaits it hears of its failure.
    done.catch(() => {});
    resolve();
  };
  for (const name of SIGNALS) process.on(name, hear);
  return {
    signal: controller.signal,
    heard,
    get done() {
      return done;
    },
    stop: () => {
      for (const name of SIGNALS) process.off(name, hear);
    },
  };
}

/**
 * For work that ends in order when its signal says so, as the first signal to the process makes it: it then gives
 * undefined.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const interrupt = onInterrupt(async () => {});
  try {
    return await work(interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return undefined;
  } finally {
    interrupt.stop();
  }
}

/** What the second signal does. */
export const AGAIN = `Press Ctrl-C again to leave at once: they are then ended behind you, and "scanflow resume" goes on all the same.`;

const mostNames = 3;

/** What a person is told at once, while these tasks are being ended. */
export function endingText(tasks: readonly string[]): string {
  const more = tasks.length > mostNames ? ` and ${tasks.length - mostNames} more` : "";
  const which = `${counted(tasks.length, "task")} to stop: ${tasks.slice(0, mostNames).join(", ")}${more}`;
  return `Waiting for ${which}. Those that do not are killed after a few seconds.`;
}

/** The same where the tasks belong to runs that other commands started. */
export const othersEndingText = "Waiting for the tasks of other commands' runs to stop.";
