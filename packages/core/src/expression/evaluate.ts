import type { JsonValue } from "../json.ts";
import type {
  BinaryExpression,
  CallExpression,
  Expression,
  IndexExpression,
  UnaryExpression,
} from "./ast.ts";
import { arityMessage, hasArity, misfitOf } from "./check-call.ts";
import { FUNCTIONS } from "./functions.ts";
import { assertWithinLimits } from "./limits.ts";
import { at, leadsSomewhere, lookup } from "./lookup.ts";
import { withNearest } from "./names.ts";
import { operate } from "./operate.ts";
import type { Scope } from "./scope.ts";
import { nameError, typeError } from "./type-error.ts";
import { matchesType } from "./value-type.ts";
import { finite, kindOf, quoted } from "./values.ts";

/**
 * The value of an expression whose names were resolved (`tasks` and `items`, not `nodes` and `item`). Pure: it
 * reads the scope and nothing else, and never a prototype.
 *
 * What null means. The values of a skipped task are null, and so are fields and items that are not there, NaN
 * and infinities. For the operators and functions:
 * - `==` and `!=` compare with null as with any other value. Every other comparison with null on a side is
 *   false: `<`, `<=`, `>`, `>=`, `in`, and `not in` too.
 * - Arithmetic with null gives null, and so does arithmetic without a finite answer, such as division by zero.
 * - `and`, `or`, `not` and the test of `a if test else b` take null for false; so `not null` is true.
 * - A key of null gives null.
 * - A function of null gives null, but for `coalesce` (the first argument that is not null), `exists` (false)
 *   and `min` and `max` (they pass over null).
 *
 * `and`, `or` and the conditional do not evaluate the side that does not matter.
 *
 * Throws `SCANFLOW_EXPRESSION_TYPE` when a value turns out to be of the wrong type, `SCANFLOW_EXPRESSION_NAME`
 * for an unresolved or unknown name, and `SCANFLOW_EXPRESSION_LIMIT` for a tree that is too deep or too large.
 */
export function evaluate(expression: Expression, scope: Scope): JsonValue {
  assertWithinLimits(expression);
  return valueIn(expression, scope);
}

/**
 * Whether a condition holds; null counts as false. Use it for `when` and for branches.
 *
 * Throws what `evaluate` throws, and `SCANFLOW_EXPRESSION_TYPE` when the value is neither true, false nor null.
 */
export function evaluateCondition(expression: Expression, scope: Scope): boolean {
  assertWithinLimits(expression);
  return truth(expression, scope, "a condition is true or false");
}

function valueIn(expression: Expression, scope: Scope): JsonValue {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "list":
      return expression.items.map((item) => valueIn(item, scope));
    case "object":
      return Object.fromEntries(expression.entries.map(({ key, value }) => [key, valueIn(value, scope)]));
    case "reference":
      return lookup(expression, scope);
    case "unary":
      return unary(expression, scope);
    case "binary":
      return binary(expression, scope);
    case "conditional": {
      const holds = truth(expression.test, scope, "the test of a conditional is true or false");
      return valueIn(holds ? expression.then : expression.otherwise, scope);
    }
    case "call":
      return call(expression, scope);
    case "index":
      return index(expression, scope);
  }
}

function truth(expression: Expression, scope: Scope, wanted: string): boolean {
  const value = valueIn(expression, scope);
  if (value === null) return false;
  if (typeof value !== "boolean") throw typeError(expression, value, wanted);
  return value;
}

function unary({ op, operand }: UnaryExpression, scope: Scope): JsonValue {
  if (op === "not") return !truth(operand, scope, "not takes true or false");
  const value = valueIn(operand, scope);
  if (value === null) return null;
  if (typeof value !== "number") throw typeError(operand, value, "- takes a number");
  return finite(-value);
}

function binary(expression: BinaryExpression, scope: Scope): JsonValue {
  const { op, left, right } = expression;
  const wanted = `${op} takes true or false`;
  if (op === "and") return truth(left, scope, wanted) && truth(right, scope, wanted);
  if (op === "or") return truth(left, scope, wanted) || truth(right, scope, wanted);
  return operate(expression, valueIn(left, scope), valueIn(right, scope));
}

function call(expression: CallExpression, scope: Scope): JsonValue {
  const { name, arguments: parts } = expression;
  const info = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (info === undefined) {
    const problem = withNearest(`there is no function ${quoted(name)}`, name, Object.keys(FUNCTIONS));
    throw nameError(expression, problem.message);
  }
  const possible = info.signatures.filter((signature) => hasArity(signature, parts.length));
  if (possible.length === 0) throw nameError(expression, arityMessage(name, info, parts.length));
  const [only] = parts;
  if (name === "exists" && only?.kind === "reference") return leadsSomewhere(only, scope);
  const values = parts.map((part) => valueIn(part, scope));
  const misfit = misfitOf(possible, values, matchesType);
  if (misfit) {
    const { position, wanted } = misfit;
    const wantedThere = `${name} takes ${wanted} as argument ${position + 1}`;
    throw typeError(parts[position] ?? expression, values[position] ?? null, wantedThere);
  }
  return info.nulls === "propagate" && values.includes(null) ? null : info.apply(values);
}

function index({ object, index: keyPart }: IndexExpression, scope: Scope): JsonValue {
  const [whole, key] = [valueIn(object, scope), valueIn(keyPart, scope)];
  if (whole === null || key === null) return null;
  const kind = kindOf(whole);
  if (kind !== "list" && kind !== "object")
    throw typeError(object, whole, "only lists and objects have keys");
  if (kind === "list" && typeof key === "number") return at(whole, key, () => object);
  if (kind === "object" && typeof key === "string") return at(whole, key, () => object);
  throw typeError(
    keyPart,
    key,
    `the key of ${kind === "list" ? "a list is a number" : "an object is a string"}`,
  );
}
