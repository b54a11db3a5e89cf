import type { Checker } from "../../checker/checker.ts";
import { explainDrift, withExplanation } from "./explain-drift.ts";

/**
 * A checker of drift whose alarms and warnings say why: which ranges and categories gained or lost, with pictures and
 * typical rows (`explainDrift`). Other verdicts are left as they are.
 */
export function explainedDrift(checker: Checker): Checker {
  return async (window, reference, context) => {
    const verdict = await checker(window, reference, context);
    const isFound = verdict.status === "alarm" || verdict.status === "warning";
    if (reference === null || !isFound || verdict.columns.length === 0) return verdict;
    context.signal.throwIfAborted();
    const before = await reference.profile();
    return withExplanation(verdict, explainDrift(before, await window.profile(before), verdict));
  };
}
