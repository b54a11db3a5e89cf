import type { JsonValue } from "../json.ts";
import type { BinaryExpression, Expression } from "./ast.ts";
import { holds } from "./functions.ts";
import { BINARY_OPERATORS, type BinaryOperator } from "./operators.ts";
import { typeError } from "./type-error.ts";
import { describeValue, equalValues, finite, isList, kindOf, type ValueKind } from "./values.ts";

/** The value of a binary operator other than `and` and `or`, whose sides were evaluated. */
export function operate(expression: BinaryExpression, left: JsonValue, right: JsonValue): JsonValue {
  const { op } = expression;
  const { family } = BINARY_OPERATORS[op];
  if (family === "equality") return equality(expression, left, right);
  if (left === null || right === null) return family === "arithmetic" ? null : false;
  if (family === "membership") return membership(expression, left, right);
  if (typeof left === "number" && typeof right === "number") {
    return family === "order" ? order(op, left, right) : finite(arithmetic(op, left, right));
  }
  if (typeof left === "string" && typeof right === "string") {
    if (family === "order") return order(op, left, right);
    if (op === "+") return left + right;
  }
  const accepted: readonly ValueKind[] = family === "order" || op === "+" ? ["number", "string"] : ["number"];
  const [part, value] = culprit(expression, [left, right], accepted);
  throw typeError(part, value, `${op} takes two numbers${accepted.length > 1 ? " or two strings" : ""}`);
}

function equality(expression: BinaryExpression, left: JsonValue, right: JsonValue): boolean {
  if (left !== null && right !== null && kindOf(left) !== kindOf(right)) {
    const [part, value] = culprit(expression, [left, right], [kindOf(left), kindOf(right)]);
    const other = value === left ? right : left;
    throw typeError(part, value, `${expression.op} compares it with ${describeValue(other)}`);
  }
  return equalValues(left, right) === (expression.op === "==");
}

function membership(expression: BinaryExpression, left: JsonValue, right: JsonValue): boolean {
  const { op } = expression;
  if (!isList(right)) {
    if (typeof right !== "string")
      throw typeError(expression.right, right, `${op} looks in a list or a string`);
    if (typeof left !== "string") throw typeError(expression.left, left, `${op} looks for it in a string`);
  }
  return holds(right, left) === (op === "in");
}

function order<T extends number | string>(op: BinaryOperator, left: T, right: T): boolean {
  switch (op) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

function arithmetic(op: BinaryOperator, left: number, right: number): number {
  switch (op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    default:
      return remainder(left, right);
  }
}

/** Floored division's remainder: its sign is the divisor's, as in Python. */
function remainder(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

/** The side to correct: the one that the operator never takes, else the one that is not written out. */
function culprit(
  { left, right }: BinaryExpression,
  [leftValue, rightValue]: readonly [JsonValue, JsonValue],
  accepted: readonly ValueKind[],
): readonly [Expression, JsonValue] {
  const leftFits = accepted.includes(kindOf(leftValue));
  const rightFits = accepted.includes(kindOf(rightValue));
  const blameRight = leftFits && (!rightFits || left.kind === "literal");
  return blameRight ? [right, rightValue] : [left, leftValue];
}
