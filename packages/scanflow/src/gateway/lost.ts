import { failure, type Stop } from "../runners/outcome.ts";
import type { AttemptOutcome, AttemptSpec } from "../runners/runner.ts";
import type { EndAnswer } from "../shim/protocol.ts";

/** Why an attempt ends of which nothing is heard any more. */
export function lost(task: string, what: string): Stop {
  return failure(
    "SCANFLOW_ATTEMPT_LOST",
    `The attempt of task "${task}" is lost: ${what}. See what became of the container and its machine, then retry the run.`,
    { retryable: true },
  );
}

/** What a shim is told of the end of its attempt. */
export function answerOf({ task, attempt }: AttemptSpec, outcome: AttemptOutcome): EndAnswer {
  const { kind } = outcome;
  const how = kind === "failed" ? `failed (${outcome.error.code})` : kind;
  return { kind, message: `attempt ${attempt} of ${task} ${how}` };
}
