import type { WorkflowSite } from "../site.ts";
import type { Rule } from "./rule.ts";
import { sortByWaits } from "./sort.ts";
import { awaitedAfter, nodeWaits } from "./waits.ts";

/** Nodes of one workflow that wait for each other. */
export const checkCycles: Rule = ({ workflows }, report) => {
  for (const workflow of workflows) {
    for (const circle of sortByWaits(nodeWaits(workflow)).circles) {
      const [first = "", ...others] = circle;
      const shown = circle.length > 20 ? [...circle.slice(0, 10), "…", ...circle.slice(-9)] : circle;
      const message =
        circle.length === 1
          ? `${first} waits for itself: remove the reference to it`
          : `a circle: ${[...shown, first].join(" → ")}; each waits for the one before it: remove one of these edges`;
      const chosen = [...others, first].flatMap((name, position) =>
        choiceBetween(workflow, circle[position] ?? "", name),
      );
      const told = chosen.length === 0 ? message : `${message} (${chosen.join("; ")})`;
      report({
        code: "SCANFLOW_CYCLE",
        message: told,
        path: workflow.named.get(first)?.path ?? workflow.path,
      });
    }
  }
};

/** Why a node waits for one that it does not name: it comes after the choice that runs it. */
function choiceBetween(workflow: WorkflowSite, upstream: string, name: string): readonly string[] {
  const node = workflow.named.get(name)?.node;
  const after = node?.after.map((edge) => edge.node) ?? [];
  if (!node || after.includes(upstream)) return [];
  const choice = after.find((each) => awaitedAfter(node, each, workflow).includes(upstream));
  if (choice === undefined) return [];
  return [`${name} comes after ${choice}, and so after ${upstream}, which ${choice} runs`];
}
