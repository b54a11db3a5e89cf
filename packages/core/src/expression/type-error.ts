import { ScanflowError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { Expression } from "./ast.ts";
import { formatExpression } from "./format.ts";
import { describeValue } from "./values.ts";

/** The error for a value that turned out to be of the wrong type while an expression was evaluated. */
export function typeError(part: Expression, value: JsonValue, wanted: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_EXPRESSION_TYPE",
    `${shortened(part)} is ${describeValue(value)}, but ${wanted}. Correct what gives this value, or convert it with number() or string().`,
  );
}

/** The error for a name that means nothing when an expression is evaluated. */
export function nameError(part: Expression, problem: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_EXPRESSION_NAME",
    `${shortened(part)} cannot be evaluated: ${problem}. Check the expression with checkTypes and resolve its names before evaluating it.`,
  );
}

function shortened(part: Expression): string {
  const text = formatExpression(part);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
