import type { Expression } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { parseConditional } from "./grammar.ts";
import { assertTextLength, assertWithinLimits } from "./limits.ts";
import type { NameSet } from "./names.ts";

/**
 * Reads an expression, such as `nodes.train.result.accuracy >= 0.95 and device.memory >= 16GiB`. Names in it are
 * checked for their form only; `checkTypes` checks that they exist.
 *
 * `names` tells which names may stand in it: those that people write (the default), or those of a plan.
 *
 * Throws `SCANFLOW_EXPRESSION_SYNTAX` (an `ExpressionSyntaxError`, with the offset, what was found and what was
 * expected) and `SCANFLOW_EXPRESSION_LIMIT`.
 */
export function parseExpression(text: string, options: { names?: NameSet } = {}): Expression {
  const { names = "definition" } = options;
  assertTextLength(text);
  const cursor = new Cursor(text, names);
  const expression = parseConditional(cursor);
  if (cursor.peek().type !== "end") throw cursor.failure("an operator or the end");
  assertWithinLimits(expression);
  return expression;
}
