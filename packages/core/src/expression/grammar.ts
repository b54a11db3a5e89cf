import {
  binaryExpression,
  callExpression,
  conditionalExpression,
  type Expression,
  indexExpression,
  listExpression,
  literalExpression,
  objectExpression,
  referenceExpression,
  unaryExpression,
} from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { ROOTS } from "./names.ts";
import { BINARY_OPERATORS, type BinaryOperator, PRECEDENCE, RESERVED_WORDS } from "./operators.ts";
import { assertReference, takeKey, takeRoot } from "./parse-reference.ts";
import { withSpan } from "./spans.ts";
import { quoted } from "./values.ts";

/*
 * conditional = binary [ "if" binary "else" conditional ]
 * binary      = prefix { operator prefix }          by precedence; comparisons do not chain
 * prefix      = "not" binary | "-" prefix | postfix
 * postfix     = primary { "." name | "[" conditional "]" }
 * primary     = number | string | true | false | null | list | object | call | reference | "(" conditional ")"
 */

type Infix = BinaryOperator | "is" | "is not";

const SPELLINGS: Readonly<Record<string, Infix>> = { "&&": "and", "||": "or", is: "is", not: "not in" };
const BARE_WORD = /[A-Za-z_]\w*(?:-\w+)*(?![\w-]|\s*[.([])/y;

/** A whole expression; the cursor stays behind it. */
export function parseConditional(cursor: Cursor): Expression {
  const { start } = cursor;
  const then = parseBinary(cursor, PRECEDENCE.or);
  if (!cursor.takeIf("if")) return then;
  const test = parseBinary(cursor, PRECEDENCE.or);
  cursor.takeOnly("else", "Write a if test else b.");
  const otherwise = cursor.nested(() => parseConditional(cursor));
  return placed(cursor, start, conditionalExpression({ test, then, otherwise }));
}

/**
 * A word that stands for itself, as in `device is typeA`; "" when the next word is reserved, a name that
 * references start with, or followed by `.`, `[` or `(`.
 */
export function peekBareWord(cursor: Cursor): string {
  const word = cursor.peekMatch(BARE_WORD);
  return RESERVED_WORDS.has(word) || Object.hasOwn(ROOTS, word) ? "" : word;
}

/** Takes the bare word that `peekBareWord` saw, as a string. */
export function takeBareWord(cursor: Cursor): Expression {
  const { start } = cursor;
  return placed(cursor, start, literalExpression(cursor.takeMatch(BARE_WORD)));
}

function parseBinary(cursor: Cursor, least: number): Expression {
  return cursor.nested(() => {
    const { start } = cursor;
    let left = parsePrefix(cursor, least);
    let compared = false;
    for (;;) {
      const infix = peekInfix(cursor);
      if (infix === undefined) return left;
      const precedence = precedenceOf(infix);
      if (precedence < least) return left;
      if (precedence === PRECEDENCE.comparison && compared) throw chained(cursor);
      compared = precedence === PRECEDENCE.comparison;
      left = placed(cursor, start, parseInfix(cursor, left));
    }
  });
}

function parseInfix(cursor: Cursor, left: Expression): Expression {
  const infix = takeInfix(cursor);
  if (infix === "is" || infix === "is not") {
    return binaryExpression(infix === "is" ? "==" : "!=", left, parseMeant(cursor));
  }
  return binaryExpression(infix, left, parseBinary(cursor, precedenceOf(infix) + 1));
}

/** What follows `is`: a bare word is a string there. */
function parseMeant(cursor: Cursor): Expression {
  return peekBareWord(cursor) ? takeBareWord(cursor) : parseBinary(cursor, PRECEDENCE.comparison + 1);
}

function peekInfix(cursor: Cursor): Infix | undefined {
  const token = cursor.peek();
  if (token.type !== "word" && token.type !== "symbol") return undefined;
  if (Object.hasOwn(SPELLINGS, token.text)) return SPELLINGS[token.text];
  return isOperator(token.text) ? token.text : undefined;
}

function takeInfix(cursor: Cursor): Infix {
  const infix = peekInfix(cursor);
  if (infix === undefined) throw cursor.failure("an operator");
  cursor.take();
  if (infix === "not in") cursor.takeOnly("in");
  return infix === "is" && cursor.takeIf("not") ? "is not" : infix;
}

function isOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(BINARY_OPERATORS, text);
}

function precedenceOf(infix: Infix): number {
  return infix === "is" || infix === "is not" ? PRECEDENCE.comparison : BINARY_OPERATORS[infix].precedence;
}

function chained(cursor: Cursor) {
  return cursor.failure("and, or, or the end", "Comparisons do not chain: write a < b and b < c.");
}

function parsePrefix(cursor: Cursor, least: number): Expression {
  const { start } = cursor;
  if (cursor.at("not") || cursor.at("!")) {
    if (least > PRECEDENCE.not) {
      throw cursor.failure("a value", "Put the negation in parentheses: a == (not b).");
    }
    cursor.take();
    return placed(cursor, start, unaryExpression("not", parseBinary(cursor, PRECEDENCE.not)));
  }
  return parseNegative(cursor);
}

function parseNegative(cursor: Cursor): Expression {
  const { start } = cursor;
  if (!cursor.takeIf("-")) return parsePostfix(cursor);
  const direct = cursor.peek().type === "number";
  const operand = cursor.nested(() => parseNegative(cursor));
  const negative =
    direct && operand.kind === "literal" && typeof operand.value === "number"
      ? literalExpression(-operand.value)
      : unaryExpression("-", operand);
  return placed(cursor, start, negative);
}

function parsePostfix(cursor: Cursor): Expression {
  const { start } = cursor;
  let object = parsePrimary(cursor);
  while (cursor.at(".") || cursor.at("[")) {
    const key = cursor.takeIf(".") ? literalExpression(takeKey(cursor, object)) : parseIndex(cursor);
    const inner = indexExpression(object, key);
    if (inner.kind === "index") assertReference(cursor, start, object);
    object = placed(cursor, start, inner);
  }
  if (cursor.at("is") && isDevice(object)) {
    return placed(cursor, start, referenceExpression(["device", "kind"]));
  }
  assertReference(cursor, start, object);
  return object;
}

function parseIndex(cursor: Cursor): Expression {
  cursor.takeOnly("[");
  return parseUntil(cursor, "]");
}

function isDevice(expression: Expression): boolean {
  return expression.kind === "reference" && expression.path.length === 1 && expression.path[0] === "device";
}

function parsePrimary(cursor: Cursor): Expression {
  const { start } = cursor;
  const token = cursor.peek();
  if (token.type === "number" || token.type === "string") {
    cursor.take();
    return placed(cursor, start, literalExpression(token.value));
  }
  if (cursor.takeIf("(")) return parseUntil(cursor, ")");
  if (cursor.takeIf("[")) return placed(cursor, start, listExpression(parseItems(cursor, "]")));
  if (cursor.takeIf("{")) return placed(cursor, start, objectExpression(parseEntries(cursor)));
  if (token.type !== "word") throw cursor.failure("a value");
  if (cursor.takeIf("true")) return placed(cursor, start, literalExpression(true));
  if (cursor.takeIf("false")) return placed(cursor, start, literalExpression(false));
  if (cursor.takeIf("null")) return placed(cursor, start, literalExpression(null));
  if (RESERVED_WORDS.has(token.text)) throw cursor.failure("a value");
  if (cursor.text[token.end] === "(") {
    cursor.take();
    cursor.take();
    return placed(cursor, start, callExpression(token.text, parseItems(cursor, ")")));
  }
  return placed(cursor, start, takeRoot(cursor));
}

function parseUntil(cursor: Cursor, close: string): Expression {
  const inner = parseConditional(cursor);
  cursor.takeOnly(close);
  return inner;
}

/** Expressions between commas up to the closing bracket; a comma may follow the last. */
function parseItems(cursor: Cursor, close: string): Expression[] {
  const items: Expression[] = [];
  while (!cursor.takeIf(close)) {
    items.push(parseConditional(cursor));
    if (!cursor.at(close)) cursor.takeOnly(",");
  }
  return items;
}

function parseEntries(cursor: Cursor): (readonly [string, Expression])[] {
  const entries = new Map<string, Expression>();
  while (!cursor.takeIf("}")) {
    const token = cursor.peek();
    const key = token.type === "string" ? token.value : token.type === "word" ? token.text : undefined;
    if (key === undefined) throw cursor.failure("a key");
    if (entries.has(key)) throw cursor.failure("another key", `${quoted(key)} stands twice: remove one.`);
    cursor.take();
    cursor.takeOnly(":");
    entries.set(key, parseConditional(cursor));
    if (!cursor.at("}")) cursor.takeOnly(",");
  }
  return [...entries];
}

/** Notes that the expression stands between `start` and the last token taken. */
function placed<E extends Expression>(cursor: Cursor, start: number, expression: E): E {
  return withSpan(expression, { start, end: cursor.offset });
}
