import type { Expression } from "./ast.ts";
import { assertWithinLimits } from "./limits.ts";
import { BINARY_OPERATORS, PRECEDENCE } from "./operators.ts";

/**
 * The canonical text of an expression: the same tree gives the same text, and reading the text (with
 * `names: "plan"` for an expression of a plan) gives the same tree.
 *
 * Throws `SCANFLOW_EXPRESSION_LIMIT` for a tree that is too deep or too large.
 */
export function formatExpression(expression: Expression): string {
  assertWithinLimits(expression);
  return textOf(expression);
}

const NAME = /^[A-Za-z_]\w*$/;
const NODE_NAME = /^\w[\w-]*$/;
const WHOLE_NUMBER = /^(?:0|-?[1-9]\d*)$/;

/** Binds tighter than anything: what may stand before `.` and `[` as it is. */
const PRIMARY = PRECEDENCE.postfix + 1;

function textOf(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return JSON.stringify(expression.value);
    case "list":
      return `[${expression.items.map(textOf).join(", ")}]`;
    case "object":
      return `{${expression.entries.map(({ key, value }) => `${keyText(key)}: ${textOf(value)}`).join(", ")}}`;
    case "reference":
      return referenceText(expression.path);
    case "unary":
      return expression.op === "not"
        ? `not ${within(expression.operand, PRECEDENCE.not)}`
        : `-${within(expression.operand, needsOwnSign(expression.operand) ? PRIMARY + 1 : PRECEDENCE.negative)}`;
    case "binary": {
      const { precedence } = BINARY_OPERATORS[expression.op];
      const least = precedence === PRECEDENCE.comparison ? precedence + 1 : precedence;
      return `${within(expression.left, least)} ${expression.op} ${within(expression.right, precedence + 1)}`;
    }
    case "conditional": {
      const [then, test] = [expression.then, expression.test].map((part) => within(part, PRECEDENCE.or));
      return `${then} if ${test} else ${textOf(expression.otherwise)}`;
    }
    case "call":
      return `${expression.name}(${expression.arguments.map(textOf).join(", ")})`;
    case "index": {
      const object = within(expression.object, PRECEDENCE.postfix);
      const { index } = expression;
      return index.kind === "literal" && typeof index.value === "string"
        ? `${object}${NAME.test(index.value) ? `.${index.value}` : `[${JSON.stringify(index.value)}]`}`
        : `${object}[${textOf(index)}]`;
    }
  }
}

/** The text of a part that must bind at least as tightly as `least`. */
function within(expression: Expression, least: number): string {
  const text = textOf(expression);
  return precedenceOf(expression) < least ? `(${text})` : text;
}

function precedenceOf(expression: Expression): number {
  switch (expression.kind) {
    case "conditional":
      return PRECEDENCE.conditional;
    case "binary":
      return BINARY_OPERATORS[expression.op].precedence;
    case "unary":
      return expression.op === "not" ? PRECEDENCE.not : PRECEDENCE.negative;
    case "literal":
      return typeof expression.value === "number" ? PRECEDENCE.negative : PRIMARY;
    case "index":
      return PRECEDENCE.postfix;
    default:
      return PRIMARY;
  }
}

/** `-1` is one literal and `--a` hard to read, so a sign before these goes before parentheses. */
function needsOwnSign(operand: Expression): boolean {
  if (operand.kind === "unary") return true;
  return operand.kind === "literal" && typeof operand.value === "number";
}

function keyText(key: string): string {
  return NAME.test(key) ? key : JSON.stringify(key);
}

function referenceText(path: readonly string[]): string {
  const [root = "", ...keys] = path;
  const texts = keys.map((key, position) => {
    const name = root === "nodes" && position === 0 ? NODE_NAME : NAME;
    if (name.test(key)) return `.${key}`;
    return WHOLE_NUMBER.test(key) && Number.isSafeInteger(Number(key))
      ? `[${key}]`
      : `[${JSON.stringify(key)}]`;
  });
  return root + texts.join("");
}
