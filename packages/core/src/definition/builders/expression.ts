import {
  constantExpression,
  formatExpression,
  parseExpression,
  referenceExpression,
} from "../../expression/index.ts";
import type { JsonValue } from "../../json.ts";
import type { ExpressionValue } from "./reference.ts";

/**
 * An expression, for conditions and computed parameters. What is put into it becomes part of the expression:
 * params, results, metrics and the map item as references, other values as literals.
 *
 * ```ts
 * import { executor, expression, integer, workflow } from "@scanflow/core";
 *
 * export const training = workflow("training", { params: { seed: integer({ default: 7 }) } }, ({ params }) => {
 *   const fit = executor("fit", { run: "python fit.py", params: { seed: expression`${params.seed} * 2` } });
 *   const report = executor("report", {
 *     run: "python report.py",
 *     when: expression`${fit.metric("accuracy")} > ${0.95}`,
 *   });
 *   return { nodes: [fit, report] };
 * });
 * ```
 */
export function expression(
  text: TemplateStringsArray,
  ...values: readonly (ExpressionValue | JsonValue)[]
): ExpressionValue<never> {
  return expressionOf(String.raw(text, ...values.map(textOf)));
}

/** The item that a mapped node works on, for the node's own `params`. */
export const item: ExpressionValue<never> = expressionOf("item");

function expressionOf<Value>(text: string): ExpressionValue<Value> {
  return Object.freeze({ expression: text });
}

/** A reference by its path, such as `["nodes", "fit", "result", "accuracy"]`. */
export function referenceTo<Value>(...path: readonly string[]): ExpressionValue<Value> {
  return expressionOf(formatExpression(referenceExpression(path)));
}

/** The text of a condition that is given as text or as an expression. */
export function conditionText(condition: string | ExpressionValue): string {
  return typeof condition === "string" ? condition : condition.expression;
}

function isExpressionValue(value: unknown): value is ExpressionValue {
  return (
    typeof value === "object" &&
    value !== null &&
    "expression" in value &&
    typeof value.expression === "string"
  );
}

function textOf(value: ExpressionValue | JsonValue): string {
  if (!isExpressionValue(value)) return formatExpression(constantExpression(value));
  const { expression: inner } = value;
  return isReference(inner) ? inner : `(${inner})`;
}

function isReference(text: string): boolean {
  return parseExpression(text).kind === "reference";
}
