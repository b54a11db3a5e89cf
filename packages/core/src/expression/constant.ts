import type { JsonValue } from "../json.ts";
import { type Expression, listExpression, literalExpression, objectExpression } from "./ast.ts";
import { EXPRESSION_LIMITS, limitError } from "./limits.ts";
import { isList } from "./values.ts";

/**
 * The expression that gives exactly this value. Use it when a reference is replaced by what is bound to it.
 *
 * Throws `SCANFLOW_EXPRESSION_LIMIT` when the value is nested too deeply.
 */
export function constantExpression(value: JsonValue): Expression {
  return constantAt(value, 1);
}

function constantAt(value: JsonValue, depth: number): Expression {
  if (depth > EXPRESSION_LIMITS.depth) throw limitError("depth");
  if (value === null || typeof value !== "object") return literalExpression(value);
  if (isList(value)) return listExpression(value.map((item) => constantAt(item, depth + 1)));
  return objectExpression(Object.entries(value).map(([key, item]) => [key, constantAt(item, depth + 1)]));
}
