import type {
  BinaryExpression,
  CallExpression,
  Expression,
  IndexExpression,
  UnaryExpression,
} from "./ast.ts";
import { callProblem } from "./check-call.ts";
import { typeOfPath } from "./check-reference.ts";
import { formatExpression } from "./format.ts";
import { FUNCTIONS } from "./functions.ts";
import { assertWithinLimits } from "./limits.ts";
import { type NameProblem, withNearest } from "./names.ts";
import { BINARY_OPERATORS, type BinaryOperator } from "./operators.ts";
import type { TypeScope } from "./scope.ts";
import { type Span, spanOf } from "./spans.ts";
import { comparable, fits, isListType, joinTypes, oneOfType, type ValueType } from "./value-type.ts";
import { quoted } from "./values.ts";

/** A problem that can be seen before anything runs. */
export interface TypeProblem extends Span {
  /** What is wrong and what to write instead. */
  readonly message: string;
  /** The known name that was most likely meant. */
  readonly suggestion?: string;
}

export interface TypeCheck {
  readonly type: ValueType;
  readonly problems: readonly TypeProblem[];
}

/**
 * The type of an expression and all its problems: names that do not exist, wrong numbers of arguments, values
 * that an operator or a function does not take. Offsets are those of the text that the expression was parsed
 * from, or of `formatExpression` when it was not parsed. Check before `mapReferences`: a replacement has other
 * offsets.
 *
 * An expression without problems, all of whose parts have a type other than `unknown`, never raises
 * `SCANFLOW_EXPRESSION_TYPE` on values of the declared types.
 *
 * Throws `SCANFLOW_EXPRESSION_LIMIT` for a tree that is too deep or too large.
 */
export function checkTypes(expression: Expression, types: TypeScope): TypeCheck {
  assertWithinLimits(expression);
  const problems: TypeProblem[] = [];
  const whole = spanOf(expression) ?? { start: 0, end: formatExpression(expression).length };
  const type = typeOf(expression, { types, problems, span: whole });
  return { type, problems: problems.sort((a, b) => a.start - b.start) };
}

/** `checkTypes`, and a problem when the expression is not a condition: true or false. */
export function checkCondition(expression: Expression, types: TypeScope): TypeCheck {
  const { type, problems } = checkTypes(expression, types);
  if (fits(type, "boolean")) return { type, problems };
  const { start, end } = spanOf(expression) ?? { start: 0, end: formatExpression(expression).length };
  const message = `a condition is true or false, this is ${oneOfType(type)}: compare it with something`;
  return { type, problems: [...problems, { message, start, end }] };
}

interface Checking {
  readonly types: TypeScope;
  readonly problems: TypeProblem[];
  /** Of the nearest enclosing part whose place is known. */
  readonly span: Span;
}

function typeOf(expression: Expression, outer: Checking): ValueType {
  const checking = { ...outer, span: spanOf(expression) ?? outer.span };
  switch (expression.kind) {
    case "literal":
      return expression.value === null
        ? "null"
        : (typeof expression.value as "number" | "string" | "boolean");
    case "list":
      return { list: joinAll(expression.items.map((item) => typeOf(item, checking))) };
    case "object":
      return {
        object: Object.fromEntries(
          expression.entries.map(({ key, value }) => [key, typeOf(value, checking)]),
        ),
      };
    case "reference": {
      const found = typeOfPath(expression.path, checking.types);
      return "problem" in found ? report(checking, found.problem) : found.type;
    }
    case "unary":
      return typeOfUnary(expression, checking);
    case "binary":
      return typeOfBinary(expression, checking);
    case "conditional": {
      want(expression.test, "boolean", { checking, what: "the test of a conditional" });
      return joinTypes(typeOf(expression.then, checking), typeOf(expression.otherwise, checking));
    }
    case "call":
      return typeOfCall(expression, checking);
    case "index":
      return typeOfIndex(expression, checking);
  }
}

function report(checking: Checking, problem: NameProblem): ValueType {
  const { message, suggestion } = problem;
  const { start, end } = checking.span;
  checking.problems.push({ message, start, end, ...(suggestion !== undefined && { suggestion }) });
  return "unknown";
}

function joinAll(types: readonly ValueType[]): ValueType {
  return types.length === 0 ? "unknown" : types.reduce(joinTypes, "null");
}

/** Checks a part that must have a certain type. */
function want(part: Expression, type: ValueType, options: { checking: Checking; what: string }): void {
  const { checking, what } = options;
  const found = typeOf(part, checking);
  if (fits(found, type)) return;
  const span = spanOf(part) ?? checking.span;
  report(
    { ...checking, span },
    {
      message: `${what} takes ${oneOfType(type)}, this is ${oneOfType(found)}`,
    },
  );
}

function typeOfUnary({ op, operand }: UnaryExpression, checking: Checking): ValueType {
  const type = op === "not" ? "boolean" : "number";
  want(operand, type, { checking, what: op });
  return type;
}

function typeOfBinary(expression: BinaryExpression, checking: Checking): ValueType {
  const { op, left, right } = expression;
  const { family } = BINARY_OPERATORS[op];
  if (family === "logic") {
    for (const side of [left, right]) want(side, "boolean", { checking, what: op });
    return "boolean";
  }
  const [a, b] = [typeOf(left, checking), typeOf(right, checking)];
  if (family === "arithmetic") return typeOfArithmetic(op, [a, b], checking);
  const fitting =
    family === "equality" ? comparable(a, b) : family === "order" ? ordered(a, b) : mayContain(b, a);
  if (!fitting) report(checking, { message: mismatch(op, a, b) });
  return "boolean";
}

function mismatch(op: BinaryOperator, a: ValueType, b: ValueType): string {
  return `${op} cannot be used between ${oneOfType(a)} and ${oneOfType(b)}: use values of one type, or convert with number() or string()`;
}

function ordered(a: ValueType, b: ValueType): boolean {
  return bothAre("number", [a, b]) || bothAre("string", [a, b]);
}

function mayContain(whole: ValueType, part: ValueType): boolean {
  if (isListType(whole)) return comparable(whole.list, part);
  return whole === "unknown" || bothAre("string", [whole, part]);
}

function bothAre(type: ValueType, [a, b]: readonly [ValueType, ValueType]): boolean {
  return fits(a, type) && fits(b, type);
}

function typeOfArithmetic(
  op: BinaryOperator,
  sides: readonly [ValueType, ValueType],
  checking: Checking,
): ValueType {
  const [a, b] = sides;
  const strings = op === "+" && bothAre("string", sides);
  if (bothAre("number", sides)) {
    if (a === "null" || b === "null") return "null";
    return strings ? "unknown" : "number";
  }
  return strings ? "string" : report(checking, { message: mismatch(op, a, b) });
}

function typeOfCall(expression: CallExpression, checking: Checking): ValueType {
  const { name, arguments: values } = expression;
  const found = values.map((value) => typeOf(value, checking));
  const info = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (info === undefined) {
    return report(
      checking,
      withNearest(`there is no function ${quoted(name)}`, name, Object.keys(FUNCTIONS)),
    );
  }
  const problem = callProblem(expression, info, found);
  if (problem) report({ ...checking, span: spanOf(problem.at) ?? checking.span }, problem);
  return info.result === "joined" ? joinAll(found) : info.result;
}

function typeOfIndex({ object, index }: IndexExpression, checking: Checking): ValueType {
  const [whole, key] = [typeOf(object, checking), typeOf(index, checking)];
  if (whole === "unknown" || whole === "null") return whole;
  if (isListType(whole)) {
    if (fits(key, "number")) return whole.list;
    return report(checking, { message: `the index of a list is a number, this is ${oneOfType(key)}` });
  }
  if (whole !== "object" && typeof whole === "string") {
    return report(checking, { message: `a ${whole} has no fields: refer to it as a whole` });
  }
  if (!fits(key, "string")) {
    return report(checking, { message: `the key of an object is a string, this is ${oneOfType(key)}` });
  }
  if (whole === "object" || index.kind !== "literal" || typeof index.value !== "string") return "unknown";
  const field = Object.hasOwn(whole.object, index.value) ? whole.object[index.value] : undefined;
  if (field !== undefined) return field;
  return report(
    checking,
    withNearest(`there is no field ${quoted(index.value)}`, index.value, Object.keys(whole.object)),
  );
}
