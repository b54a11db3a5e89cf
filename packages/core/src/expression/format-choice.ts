import { type Choice, type ChoiceTargets, isReservedTarget } from "./choice.ts";
import { formatExpression } from "./format.ts";

/** The canonical text of a choice; reading it with `parseChoice` gives the same choice. */
export function formatChoice({ branches }: Choice): string {
  const texts = branches.map(({ when, run }, position) => {
    if (when === null) return `else run ${targetsText(run)}`;
    return `${position === 0 ? "if" : "elif"} ${formatExpression(when)} run ${targetsText(run)}`;
  });
  return texts.join(", ");
}

function targetsText(run: ChoiceTargets): string {
  if ("firstOf" in run) return run.firstOf.map(targetText).join(" or ");
  return run.sequence.map(targetText).join(" then ");
}

/** `workflow` may introduce a name, so it is quoted as a name. */
function targetText(name: string): string {
  return isReservedTarget(name) || name === "workflow" ? JSON.stringify(name) : name;
}
