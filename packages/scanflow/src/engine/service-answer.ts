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
  const error = {
    code: "SCANFLOW_SERVICE_ENDED",
    message: `Service "${place.task}" ended by itself, and it has to stay up until the run ends. Let its command run on and answer, or make it an executor.`,
  };
  return { kind: "failed", ...place, error, retryable: true, usage: outcome.usage };
}
