import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expression } from "./ast.ts";
import { checkTypes } from "./check-types.ts";
import type { Choice } from "./choice.ts";
import { evaluate, evaluateCondition } from "./evaluate.ts";
import { anyExpression, anyScope, codeOf } from "./expression.test.support.ts";
import { formatExpression } from "./format.ts";
import { formatChoice } from "./format-choice.ts";
import { childrenOf } from "./limits.ts";
import type { NameSet } from "./names.ts";
import { parseExpression } from "./parse.ts";
import { parseChoice } from "./parse-choice.ts";
import { KNOWN_TYPES, knownScope, wellTyped } from "./typed.test.support.ts";
import { matchesType, type ValueType } from "./value-type.ts";
import { mapReferences, references } from "./walk.ts";

describe.each<NameSet>(["definition", "plan"])("an expression with the names of a %s", (names) => {
  test("reads back from its text as it was, and its text is canonical", () => {
    fc.assert(
      fc.property(anyExpression(names), (expression) => {
        const text = formatExpression(expression);
        const read = parseExpression(text, { names });
        expect(read).toEqual(expression);
        expect(formatExpression(read)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("reads back from JSON as it was", () => {
    fc.assert(
      fc.property(anyExpression(names), (expression) => {
        expect(JSON.parse(JSON.stringify(expression))).toEqual(expression);
      }),
    );
  });

  test("is unchanged when every reference is replaced by itself", () => {
    fc.assert(
      fc.property(anyExpression(names), (expression) => {
        const met: string[] = [];
        const mapped = mapReferences(expression, (reference) => {
          met.push(JSON.stringify(reference.path));
          return reference;
        });
        expect(mapped).toEqual(expression);
        expect(references(expression).map((path) => JSON.stringify(path))).toEqual([...new Set(met)]);
      }),
    );
  });

  test("gives a JSON value or an error with a code, in any scope", () => {
    const codes = new Set<string | undefined>();
    fc.assert(
      fc.property(anyExpression(names), anyScope, (expression, scope) => {
        codes.add(
          codeOf(() => {
            const value = evaluate(expression, scope);
            expect(JSON.parse(JSON.stringify(value))).toEqual(value);
          }),
        );
        codes.add(codeOf(() => evaluateCondition(expression, scope)));
        codes.delete("SCANFLOW_EXPRESSION_NAME");
        checkTypes(expression, KNOWN_TYPES);
      }),
      { numRuns: 500 },
    );
    expect([...codes].sort()).toEqual(["SCANFLOW_EXPRESSION_TYPE", undefined]);
  });
});

const TYPES: readonly (readonly [keyof typeof wellTyped, ValueType])[] = [
  ["number", "number"],
  ["string", "string"],
  ["boolean", "boolean"],
  ["list", { list: "number" }],
];

test.each(TYPES)("a well-typed %s has no problems and evaluates to its type", (kind, type) => {
  fc.assert(
    fc.property(wellTyped[kind], knownScope, (expression, scope) => {
      expect(checkTypes(expression, KNOWN_TYPES)).toEqual({ type, problems: [] });
      expect(matchesType(evaluate(expression, scope), type)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

/** Well-typed expressions with one of their references replaced by an expression of any type. */
const nearlyTyped = fc
  .tuple(fc.oneof(...Object.values(wellTyped)), fc.oneof(...Object.values(wellTyped)), fc.nat())
  .map(([expression, replacement, at]) => {
    let position = 0;
    const chosen = at % Math.max(1, references(expression).length);
    return mapReferences(expression, (reference) => (position++ === chosen ? replacement : reference));
  });

test("what the type check accepts with all types known never has a wrong type", () => {
  fc.assert(
    fc.property(nearlyTyped.filter(isFullyTyped), knownScope, (expression, scope) => {
      expect(codeOf(() => evaluate(expression, scope))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

function isFullyTyped(expression: Expression): boolean {
  const { type, problems } = checkTypes(expression, KNOWN_TYPES);
  return problems.length === 0 && isKnown(type) && childrenOf(expression).every(isFullyTyped);
}

function isKnown(type: ValueType): boolean {
  if (typeof type === "string") return type !== "unknown" && type !== "object";
  return "list" in type ? isKnown(type.list) : Object.values(type.object).every(isKnown);
}

const fragments = fc.oneof(
  fc.constantFrom(
    ...[
      "params",
      "nodes",
      "item",
      "device",
      ".",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      ",",
      ":",
      "if",
      "else",
      "is",
      "not",
    ],
    ...[
      "in",
      "and",
      "or",
      "==",
      "<",
      "-",
      "+",
      "!",
      "&&",
      "1",
      "16GiB",
      "1e9",
      "'a'",
      '"',
      "true",
      "null",
      "a",
      "max",
    ],
    ...["run", "then", "elif", "workflow", "result", "a-b", "\n", "\\", "=", "é"],
  ),
  fc.string({ unit: "binary", maxLength: 4 }),
);

/** The text of an expression with one place overwritten. */
const nearlyRight = fc
  .tuple(anyExpression("definition").map(formatExpression), fc.nat(), fc.nat({ max: 3 }), fragments)
  .map(([text, at, length, fragment]) => {
    const start = at % text.length;
    return text.slice(0, start) + fragment + text.slice(start + length);
  });

const anyText = fc.oneof(
  nearlyRight,
  fc.string({ unit: "binary" }),
  fc.array(fragments, { maxLength: 30 }).chain((parts) => fc.constantFrom(parts.join(" "), parts.join(""))),
);

test("any text is read, or refused with a code", () => {
  fc.assert(
    fc.property(anyText, anyScope, (text, scope) => {
      const code = codeOf(() => {
        const expression = parseExpression(text);
        expect(parseExpression(formatExpression(expression))).toEqual(expression);
        codeOf(() => evaluate(expression, scope));
      });
      expect([undefined, "SCANFLOW_EXPRESSION_SYNTAX"]).toContain(code);
      const choiceCode = codeOf(() => {
        const choice = parseChoice(`if ${text}`);
        expect(parseChoice(formatChoice(choice))).toEqual(choice);
      });
      expect([undefined, "SCANFLOW_EXPRESSION_SYNTAX"]).toContain(choiceCode);
    }),
    { numRuns: 2000 },
  );
});

const targets = fc.uniqueArray(
  fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,6}$/),
    fc.constantFrom("run", "or", "workflow", "null", "then"),
  ),
  { minLength: 1, maxLength: 3 },
);

const anyChoice: fc.Arbitrary<Choice> = fc
  .record({
    conditional: fc.array(fc.tuple(anyExpression("definition"), targets, fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    }),
    otherwise: fc.option(targets),
  })
  .map(({ conditional, otherwise }) => ({
    branches: [
      ...conditional.map(([when, names, first]) => ({
        when,
        run: first && names.length > 1 ? { firstOf: names } : { sequence: names },
      })),
      ...(otherwise ? [{ when: null, run: { sequence: otherwise } }] : []),
    ],
  }));

test("a choice reads back from its text as it was", () => {
  fc.assert(
    fc.property(anyChoice, (choice) => {
      expect(parseChoice(formatChoice(choice))).toEqual(choice);
    }),
    { numRuns: 500 },
  );
});
