import {
  binaryExpression,
  callExpression,
  conditionalExpression,
  type Expression,
  indexExpression,
  listExpression,
  objectExpression,
  type ReferenceExpression,
  unaryExpression,
} from "./ast.ts";
import { assertWithinLimits, childrenOf } from "./limits.ts";
import { spanOf, withSpan } from "./spans.ts";

/**
 * A copy of the expression in which every reference is replaced by what `replace` gives for it. Use it to resolve
 * `nodes` into `tasks`, or to put bound values in the place of a nested workflow's params. A replacement is
 * taken as it is: references inside it are not replaced again.
 *
 * Throws `SCANFLOW_EXPRESSION_LIMIT` when the expression or the result is too deep or too large.
 */
export function mapReferences(
  expression: Expression,
  replace: (reference: ReferenceExpression) => Expression,
): Expression {
  assertWithinLimits(expression);
  const mapped = mapWithin(expression, replace);
  assertWithinLimits(mapped);
  return mapped;
}

/** The paths of all references in the expression, in reading order, each once. */
export function references(expression: Expression): readonly (readonly string[])[] {
  assertWithinLimits(expression);
  const found = new Map<string, readonly string[]>();
  const visit = (node: Expression) => {
    if (node.kind === "reference") found.set(JSON.stringify(node.path), node.path);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(expression);
  return [...found.values()];
}

type Replace = (reference: ReferenceExpression) => Expression;

function mapWithin(expression: Expression, replace: Replace): Expression {
  if (expression.kind === "reference") return replace(expression);
  const mapped = mapParts(expression, (part) => mapWithin(part, replace));
  const span = spanOf(expression);
  return span ? withSpan(mapped, span) : mapped;
}

function mapParts(expression: Expression, map: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case "literal":
    case "reference":
      return expression;
    case "list":
      return listExpression(expression.items.map(map));
    case "object":
      return objectExpression(expression.entries.map(({ key, value }) => [key, map(value)]));
    case "unary":
      return unaryExpression(expression.op, map(expression.operand));
    case "binary":
      return binaryExpression(expression.op, map(expression.left), map(expression.right));
    case "conditional": {
      const [then, test, otherwise] = [expression.then, expression.test, expression.otherwise].map(map);
      return then && test && otherwise ? conditionalExpression({ test, then, otherwise }) : expression;
    }
    case "call":
      return callExpression(expression.name, expression.arguments.map(map));
    case "index":
      return indexExpression(map(expression.object), map(expression.index));
  }
}
