import { describe, expect, test } from "vitest";
import { type Expression, literalExpression, unaryExpression } from "./ast.ts";
import { checkTypes } from "./check-types.ts";
import { evaluate } from "./evaluate.ts";
import { codeOf } from "./expression.test.support.ts";
import { formatExpression } from "./format.ts";
import { EXPRESSION_LIMITS } from "./limits.ts";
import { parseExpression } from "./parse.ts";
import { parseChoice } from "./parse-choice.ts";
import type { Scope } from "./scope.ts";
import { mapReferences, references } from "./walk.ts";

const scope: Scope = {
  params: {},
  task: () => undefined,
  item: () => undefined,
  device: { kind: "a", cpus: 1, memory: 1, gpus: 0, platform: "linux", arch: "x64" },
};

/** Texts that are `levels` deep, each in its own way. */
const deepTexts: Record<string, (levels: number) => string> = {
  parentheses: (levels) => `${"(".repeat(levels)}1${")".repeat(levels)}`,
  "a chain": (levels) => Array.from({ length: levels }, () => "1").join("+"),
  "groups on the right": (levels) => `${"1-(".repeat(levels - 1)}1${")".repeat(levels - 1)}`,
  not: (levels) => `${"!".repeat(levels - 1)}true`,
  minus: (levels) => `${"-".repeat(levels - 1)}params.a`,
  lists: (levels) => "[".repeat(levels) + "]".repeat(levels),
  objects: (levels) => `${"{a:".repeat(levels - 1)}1${"}".repeat(levels - 1)}`,
  calls: (levels) => `${"abs(".repeat(levels - 1)}1${")".repeat(levels - 1)}`,
  "indices inside": (levels) => `${"params.a[".repeat(levels - 1)}item${"]".repeat(levels - 1)}`,
  "indices behind": (levels) => `params.a${"[item]".repeat(levels - 1)}`,
  "else branches": (levels) => `${"1 if true else ".repeat(levels - 1)}1`,
  "first branches": (levels) => `${"(".repeat(levels - 1)}1${" if true else 1)".repeat(levels - 1)}`,
};

describe.each(Object.entries(deepTexts))("%s", (_, make) => {
  test("may be as deep as the limit, and are written back", () => {
    const expression = parseExpression(make(EXPRESSION_LIMITS.depth));
    expect(parseExpression(formatExpression(expression))).toEqual(expression);
    expect(references(mapReferences(expression, (reference) => reference))).toEqual(references(expression));
    checkTypes(expression, { params: {} });
    expect([undefined, "SCANFLOW_EXPRESSION_NAME"]).toContain(codeOf(() => evaluate(expression, scope)));
  });

  test("are refused with a code however deep", () => {
    const levels = Math.floor(
      (EXPRESSION_LIMITS.length - make(1).length) / (make(2).length - make(1).length),
    );
    const text = make(levels);
    expect(text.length).toBeLessThanOrEqual(EXPRESSION_LIMITS.length);
    expect(codeOf(() => parseExpression(text))).toBe("SCANFLOW_EXPRESSION_LIMIT");
    expect(codeOf(() => parseChoice(`if ${text.slice(0, -20)}`))).toMatch(/_(LIMIT|SYNTAX)$/);
  });
});

/** Parentheses add no level of their own. */
const levelled = Object.entries(deepTexts).filter(([name]) => name !== "parentheses");

test.each(levelled)("%s are refused one level beyond the limit", (_, make) => {
  expect(codeOf(() => parseExpression(make(EXPRESSION_LIMITS.depth + 1)))).toBe("SCANFLOW_EXPRESSION_LIMIT");
});

test("a text that is too long is refused before it is read", () => {
  const text = `"${"x".repeat(EXPRESSION_LIMITS.length)}"`;
  expect(codeOf(() => parseExpression(text))).toBe("SCANFLOW_EXPRESSION_LIMIT");
  expect(codeOf(() => parseChoice(text))).toBe("SCANFLOW_EXPRESSION_LIMIT");
});

test("a tree that was built too deep is refused by everything that walks it", () => {
  let tree: Expression = literalExpression(true);
  for (let level = 0; level < 50_000; level += 1) tree = unaryExpression("not", tree);
  const walks = [
    () => evaluate(tree, scope),
    () => formatExpression(tree),
    () => checkTypes(tree, { params: {} }),
    () => references(tree),
    () => mapReferences(tree, (reference) => reference),
  ];
  for (const walk of walks) expect(codeOf(walk)).toBe("SCANFLOW_EXPRESSION_LIMIT");
});

test("says what to do instead", () => {
  expect(() => parseExpression("(".repeat(5000))).toThrow(/refer to its result\.$/);
});
