import { outcomeOf, stopOf } from "./outcome.ts";
import { usageUnknown } from "./process/usage-sampler.ts";
import type { AttemptOutcome, RunningAttempt } from "./runner.ts";

/** An attempt that has to be made ready first: cancelled meanwhile, it ends as that; what goes wrong is its outcome. */
export function underWay(
  task: string,
  work: (signal: AbortSignal) => Promise<AttemptOutcome>,
): RunningAttempt {
  const stop = new AbortController();
  const done = work(stop.signal).catch(
    (error: unknown): AttemptOutcome =>
      stop.signal.aborted ? { kind: "cancelled" } : outcomeOf(stopOf(error, task), usageUnknown),
  );
  return { done, cancel: () => stop.abort() };
}
