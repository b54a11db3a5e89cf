/**
 * The cases in which a platform has a part: how tasks start, what they find and hand in, how they end badly, what has
 * names and networks there. All other ones end as the engine decides before a platform is asked. Where a container takes
 * a second, these alone run every day, and all of them with SCANFLOW_CONFORMANCE=whole.
 */
const everyday: ReadonlySet<string> = new Set([
  "chain",
  "nested",
  "map",
  "map-with-failure",
  "choice-second",
  "skipped-join",
  "failure",
  "after-failed",
  "retry-then-success",
  "timeout",
  "missing-output",
  "checker-verdict",
  "approval-yes",
  "big-artifact",
  "folder-artifact",
  "application-file",
  "unicode",
  "no-outputs",
  "optional-output",
  "params-of-all-types",
  "results",
  "env-and-secrets",
  "contract",
  "checkpoint",
  "heartbeat",
  "tracker-run",
  "function",
  "function-throws",
  "metrics",
  "python",
  "service",
  "service-fails",
]);

export function isEveryday(name: string): boolean {
  return everyday.has(name);
}
