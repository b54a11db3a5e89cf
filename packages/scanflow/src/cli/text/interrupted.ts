/** What is said of a task whose attempt ended with its owner, which is no failure of its own. */
export const interruptedText = "interrupted; runs again";

/** Whether an attempt ended because its owner did. */
export function isInterruption(error: { readonly code: string } | null): boolean {
  return error?.code === "SCANFLOW_ATTEMPT_LOST";
}
