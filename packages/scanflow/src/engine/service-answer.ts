import { serviceEnded } from "../runners/outcome.ts";
import type { AttemptOutcome } from "../runners/runner.ts";
import type { AttemptAnswer } from "./attempt.ts";
import type { Answer } from "./scheduler/input.ts";

export interface ServiceEnd {
  readonly place: Answer;
  /** What it logged to its tracker run. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether it was asked to end. */
  readonly asked: boolean;
}

/** What the scheduler is told of a service's end: only one that was asked to may end, whatever its exit code. */
export function serviceAnswer(outcome: AttemptOutcome, { place, metrics, asked }: ServiceEnd): AttemptAnswer {
  const { usage } = outcome;
  if (asked || outcome.kind === "cancelled")
    return { kind: "ended", ...place, metrics, ...(usage && { usage }) };
  if (outcome.kind === "failed") return { ...outcome, ...place };
  const { kind, code, message, retryable } = serviceEnded(place.task);
  return { kind, ...place, error: { code, message }, retryable, usage: outcome.usage };
}
