import type { BinaryOperator, UnaryOperator } from "./operators.ts";

/**
 * An expression: frozen plain data that JSON can carry, discriminated by `kind`. Where a node stood in the text
 * is kept beside the tree (see `spanOf`), so the JSON is the same however the text was laid out.
 */
export type Expression =
  | LiteralExpression
  | ListExpression
  | ObjectExpression
  | ReferenceExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | CallExpression
  | IndexExpression;

/** A number (byte sizes such as `16GiB` are numbers of bytes), string, boolean or null. */
export interface LiteralExpression {
  readonly kind: "literal";
  readonly value: number | string | boolean | null;
}

/** `[a, b]` */
export interface ListExpression {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

/** `{lr: 0.1, "batch-size": 32}`: what a parameter that is an object becomes when it is put into an expression. */
export interface ObjectExpression {
  readonly kind: "object";
  readonly entries: readonly { readonly key: string; readonly value: Expression }[];
}

/** A name with its constant keys: `nodes.train.result.scores[0]` has the path `nodes, train, result, scores, 0`. */
export interface ReferenceExpression {
  readonly kind: "reference";
  readonly path: readonly string[];
}

/** `not a`, `-a` */
export interface UnaryExpression {
  readonly kind: "unary";
  readonly op: UnaryOperator;
  readonly operand: Expression;
}

/** `a and b`, `a <= b`, `a in b`, `a + b` */
export interface BinaryExpression {
  readonly kind: "binary";
  readonly op: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `then if test else otherwise` */
export interface ConditionalExpression {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** `max(a, b)` */
export interface CallExpression {
  readonly kind: "call";
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** `a[b]` where `b` is not constant, or `a` is not a reference. */
export interface IndexExpression {
  readonly kind: "index";
  readonly object: Expression;
  readonly index: Expression;
}

/** A literal; minus zero and numbers that JSON cannot carry (NaN, infinities) become 0 and null. */
export function literalExpression(value: number | string | boolean | null): LiteralExpression {
  if (typeof value !== "number") return Object.freeze({ kind: "literal", value });
  return Object.freeze({ kind: "literal", value: Number.isFinite(value) ? value + 0 : null });
}

export function listExpression(items: readonly Expression[]): ListExpression {
  return Object.freeze({ kind: "list", items: Object.freeze([...items]) });
}

export function objectExpression(entries: readonly (readonly [string, Expression])[]): ObjectExpression {
  const frozen = entries.map(([key, value]) => Object.freeze({ key, value }));
  return Object.freeze({ kind: "object", entries: Object.freeze(frozen) });
}

/** A reference by its path, such as `["tasks", "train/fit", "result", "accuracy"]`. */
export function referenceExpression(path: readonly string[]): ReferenceExpression {
  return Object.freeze({ kind: "reference", path: Object.freeze([...path]) });
}

export function unaryExpression(op: UnaryOperator, operand: Expression): UnaryExpression {
  return Object.freeze({ kind: "unary", op, operand });
}

export function binaryExpression(op: BinaryOperator, left: Expression, right: Expression): BinaryExpression {
  return Object.freeze({ kind: "binary", op, left, right });
}

export function conditionalExpression(parts: Omit<ConditionalExpression, "kind">): ConditionalExpression {
  const { test, otherwise } = parts;
  // biome-ignore lint/suspicious/noThenProperty: plain data that is never awaited by itself; the word is the language's own
  return Object.freeze({ kind: "conditional", test, then: parts.then, otherwise });
}

export function callExpression(name: string, values: readonly Expression[]): CallExpression {
  return Object.freeze({ kind: "call", name, arguments: Object.freeze([...values]) });
}

/** `object[index]`; a constant key of a reference becomes part of its path. */
export function indexExpression(object: Expression, index: Expression): Expression {
  const key = constantKey(index);
  if (object.kind === "reference" && key !== undefined) return referenceExpression([...object.path, key]);
  return Object.freeze({ kind: "index", object, index });
}

/**
 * What `object` holds under these keys, one inside the other. Use it when a reference is replaced by an
 * expression: for `params.config.lr`, replace `params.config` and access `["lr"]` of the replacement.
 */
export function accessExpression(object: Expression, keys: readonly string[]): Expression {
  return keys.reduce<Expression>((inner, key) => indexExpression(inner, literalExpression(key)), object);
}

function constantKey(index: Expression): string | undefined {
  if (index.kind !== "literal") return undefined;
  if (typeof index.value === "string") return index.value;
  return Number.isSafeInteger(index.value) ? String(index.value) : undefined;
}
