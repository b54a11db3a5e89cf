import { errorCode, type Usage } from "@scanflow/core";
import type { AttemptOutcome } from "./runner.ts";
import { systemCode } from "./system-code.ts";

/** Why an attempt ends as it does, unless it succeeds. */
export type Stop =
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly retryable: boolean };

export function failure(
  code: string,
  message: string,
  { retryable }: { retryable: boolean },
): Stop & { readonly kind: "failed" } {
  return { kind: "failed", code, message, retryable };
}

/** A service that ended with exit code 0 and was not asked to. */
export function serviceEnded(task: string): Stop & { readonly kind: "failed" } {
  return failure(
    "SCANFLOW_SERVICE_ENDED",
    `Service "${task}" ended by itself, and it has to stay up until the run ends. Let its command run on and answer, or make it an executor.`,
    { retryable: true },
  );
}

export function outcomeOf(stop: Stop, usage: Usage): AttemptOutcome {
  if (stop.kind === "cancelled") return stop;
  const { code, message, retryable } = stop;
  return { kind: "failed", error: { code, message }, retryable, usage };
}

/** What became of an attempt, with the image that it ran in, where that is known. */
export function withImage(outcome: AttemptOutcome, image: string | undefined): AttemptOutcome {
  if (image === undefined || outcome.usage === undefined) return outcome;
  return { ...outcome, usage: { ...outcome.usage, image } };
}

/** Codes with which another try of the same attempt cannot end otherwise. */
const hopeless = new Set([
  "SCANFLOW_COMMAND_INVALID",
  "SCANFLOW_COMMAND_NOT_FOUND",
  "SCANFLOW_COMMAND_DENIED",
  "SCANFLOW_COMMAND_TOO_LONG",
  "SCANFLOW_ENVIRONMENT_MISSING",
  "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
  "SCANFLOW_EXPORT_NOT_FOUND",
  "SCANFLOW_MODULE_NOT_FOUND",
  "SCANFLOW_NAME_CLASH",
  "SCANFLOW_NOTEBOOK_INVALID",
  "SCANFLOW_SECRET_MISSING",
  "SCANFLOW_ARTIFACT_MISSING",
  "SCANFLOW_ARTIFACT_CORRUPT",
]);

/** The outcome of something that was thrown while an attempt was made ready or taken in. */
export function stopOf(error: unknown, task: string): Stop {
  const system = systemCode(error);
  const code = errorCode(error) ?? (isFull(error) ? "SCANFLOW_STORAGE_FULL" : "SCANFLOW_ATTEMPT_FAILED");
  const message = error instanceof Error ? error.message : String(error);
  if (code === "SCANFLOW_STORAGE_FULL" && system !== undefined) return storageFull(task, error);
  if (errorCode(error) !== undefined) return failure(code, message, { retryable: !hopeless.has(code) });
  return failure(
    code,
    `The attempt of task "${task}" could not be carried out: ${message}. Look at the place it names, then retry the run.`,
    { retryable: true },
  );
}

function storageFull(task: string, error: unknown): Stop {
  return failure(
    "SCANFLOW_STORAGE_FULL",
    `Task "${task}" was ended because the disk or the quota is full (${error instanceof Error ? error.message : String(error)}). Make room, for example with "scanflow gc", then retry the run.`,
    { retryable: true },
  );
}

function isFull(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOSPC" || code === "EDQUOT";
}
