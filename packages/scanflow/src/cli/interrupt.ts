import { EXIT } from "./exit-code.ts";

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
