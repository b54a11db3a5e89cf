const REASONS: Readonly<Record<string, string>> = {
  condition: "its condition does not hold",
  branch: "another branch was taken",
  "upstream-skipped": "what it needs was skipped",
  "upstream-failed": "what it needs did not succeed",
  "edge-condition": "what it waits for ended in another way",
  cancelled: "the run was cancelled",
};

/** Why a task did not run, for people; `detail` names the task or the error that decided it. */
export function skipReason(reason: string, detail = ""): string {
  if (detail === "" || reason === "condition") return REASONS[reason] ?? reason;
  switch (reason) {
    case "upstream-skipped":
      return `it needs ${detail}, which was skipped`;
    case "upstream-failed":
      return `it needs ${detail}, which did not succeed`;
    case "edge-condition":
      return `${detail} ended in another way than it waits for`;
    case "branch":
      return `${detail} took another branch`;
    default:
      return detail;
  }
}
