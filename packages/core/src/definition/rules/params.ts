import type { ParamDefinition } from "../definition.ts";
import { paramProblem } from "../param-problem.ts";
import type { Path, Report } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Parameters of workflows agree with themselves. */
export const checkParams: Rule = ({ workflows }, report) => {
  for (const { workflow, path } of workflows) {
    for (const [name, definition] of Object.entries(workflow.params)) {
      checkDefinition(definition, [...path, "params", name], report);
    }
  }
};

function checkDefinition(definition: ParamDefinition, path: Path, report: Report): void {
  const { type, choices, min, max } = definition;
  const mismatch = (message: string, ...keys: readonly (string | number)[]) =>
    report({ code: "SCANFLOW_TYPE_MISMATCH", message, path: [...path, ...keys] });
  if (type !== "integer" && type !== "number") {
    for (const [key, bound] of Object.entries({ min, max })) {
      if (bound !== null) mismatch(`${key} is for integers and numbers, this is a ${type}: remove it`, key);
    }
  } else if (min !== null && max !== null && min > max) {
    mismatch(`the least value ${min} is above the greatest, ${max}`, "min");
  }
  for (const [position, choice] of (choices ?? []).entries()) {
    const problem = paramProblem({ ...definition, choices: null }, choice);
    if (problem) mismatch(problem, "choices", position);
  }
  if (definition.default === undefined) return;
  const problem = paramProblem(definition, definition.default);
  if (problem) mismatch(`the default does not fit: ${problem}`, "default");
}
