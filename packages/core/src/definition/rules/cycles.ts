import type { Rule } from "./rule.ts";
import { sortByWaits } from "./sort.ts";
import { nodeWaits } from "./waits.ts";

/** Nodes of one workflow that wait for each other. */
export const checkCycles: Rule = ({ workflows }, report) => {
  for (const workflow of workflows) {
    for (const circle of sortByWaits(nodeWaits(workflow)).circles) {
      const [first = ""] = circle;
      const shown = circle.length > 20 ? [...circle.slice(0, 10), "…", ...circle.slice(-9)] : circle;
      const message =
        circle.length === 1
          ? `${first} waits for itself: remove the reference to it`
          : `a circle: ${[...shown, first].join(" → ")}; each waits for the one before it: remove one of these edges`;
      report({ code: "SCANFLOW_CYCLE", message, path: workflow.named.get(first)?.path ?? workflow.path });
    }
  }
};
