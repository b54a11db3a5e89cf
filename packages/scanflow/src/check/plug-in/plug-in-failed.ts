import { ScanflowError } from "@scanflow/core";

/** Told of something that somebody wrote: what it did, and what to do about it. */
export type Failure = (problem: string, action: string) => ScanflowError;

/** How a checker that somebody wrote is told to have failed. Code: SCANFLOW_PLUGIN_FAILED. */
export function plugInFailed(checker: string): Failure {
  return (problem, action) =>
    new ScanflowError("SCANFLOW_PLUGIN_FAILED", `The checker ${checker} ${joined(problem, action)}`);
}

/** How a predictor is told to have failed. Code: SCANFLOW_PREDICTOR_FAILED. */
export function predictorFailed(predictor: string, cause?: unknown): Failure {
  return (problem, action) =>
    new ScanflowError("SCANFLOW_PREDICTOR_FAILED", `The predictor ${predictor} ${joined(problem, action)}`, {
      cause,
    });
}

/** That it took longer than it may. */
export function tooLong(failed: Failure, timeoutMs: number): ScanflowError {
  return failed(`took longer than ${timeoutMs / 1000} s`, "Let it do less, or allow more with --timeout");
}

function joined(problem: string, action: string): string {
  return `${problem}${problem.endsWith("\n") ? "" : ". "}${action}.`;
}
