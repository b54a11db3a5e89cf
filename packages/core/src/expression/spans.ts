import type { Expression } from "./ast.ts";

/** Offsets in the text, in UTF-16 units from 0; `end` is behind the last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const spans = new WeakMap<Expression, Span>();

/**
 * Where an expression stood in the text it was parsed from; undefined when it was built or read from JSON.
 * Kept beside the tree so that a plan's JSON carries no offsets.
 */
export function spanOf(expression: Expression): Span | undefined {
  return spans.get(expression);
}

/** Notes where an expression stood and returns it. */
export function withSpan<E extends Expression>(expression: E, span: Span): E {
  spans.set(expression, span);
  return expression;
}
