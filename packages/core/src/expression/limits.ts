import { ScanflowError } from "../errors.ts";
import type { Expression } from "./ast.ts";

/** Bounds that keep hostile text from exhausting the stack or the memory. */
export const EXPRESSION_LIMITS = {
  /** Characters of one text. */
  length: 10_000,
  /** Levels of one expression; each term of `a + b + c` is one. */
  depth: 100,
  /** Parts of one expression, after its references were replaced. */
  parts: 100_000,
} as const;

const LIMIT_MESSAGES: Readonly<Record<keyof typeof EXPRESSION_LIMITS, string>> = {
  length: `an expression is longer than ${EXPRESSION_LIMITS.length} characters. Compute the value in a step and refer to its result.`,
  depth: `an expression is nested more than ${EXPRESSION_LIMITS.depth} levels deep (each term of a chain such as a or b or c is one). Use a list with "in", or compute the value in a step and refer to its result.`,
  parts: `an expression has more than ${EXPRESSION_LIMITS.parts} parts. Compute the value in a step and refer to its result.`,
};

export function limitError(limit: keyof typeof EXPRESSION_LIMITS): ScanflowError {
  return new ScanflowError("SCANFLOW_EXPRESSION_LIMIT", LIMIT_MESSAGES[limit]);
}

/** Throws `SCANFLOW_EXPRESSION_LIMIT` when the text is too long. */
export function assertTextLength(text: string): void {
  if (text.length > EXPRESSION_LIMITS.length) throw limitError("length");
}

/** Throws `SCANFLOW_EXPRESSION_LIMIT` when the tree is too deep or too large; after it, recursion is safe. */
export function assertWithinLimits(expression: Expression): void {
  const open: [Expression, number][] = [[expression, 1]];
  let parts = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, depth] = next;
    parts += 1;
    if (depth > EXPRESSION_LIMITS.depth) throw limitError("depth");
    if (parts > EXPRESSION_LIMITS.parts) throw limitError("parts");
    for (const child of childrenOf(node)) open.push([child, depth + 1]);
  }
}

/** The direct parts of an expression, in reading order. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "reference":
      return [];
    case "list":
      return expression.items;
    case "object":
      return expression.entries.map(({ value }) => value);
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.then, expression.test, expression.otherwise];
    case "call":
      return expression.arguments;
    case "index":
      return [expression.object, expression.index];
  }
}
