import fc from "fast-check";
import { errorCode } from "../errors.ts";
import type { JsonValue } from "../json.ts";
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
import { FUNCTIONS } from "./functions.ts";
import type { NameSet } from "./names.ts";
import { BINARY_OPERATORS, type BinaryOperator } from "./operators.ts";
import type { Scope } from "./scope.ts";

const OPERATORS = Object.keys(BINARY_OPERATORS) as BinaryOperator[];

const key = fc.oneof(
  fc.constantFrom("a", "b", "0", "-1", "a-b", "__proto__", "constructor", "in"),
  fc.string({ unit: "binary", maxLength: 5 }),
);

const scalar = fc.oneof(
  fc.constantFrom<(number | string | boolean | null)[]>(null, true, false, 0, 1, -1, "a", ""),
  fc.double(),
  fc.string({ unit: "binary", maxLength: 8 }),
);

function anyReference(names: NameSet): fc.Arbitrary<Expression> {
  const keys = fc.array(key, { maxLength: 3 });
  const facet = fc.constantFrom("result", "metrics", "status");
  const path = (...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(fc.tuple(...parts), keys).map(([fixed, rest]) => referenceExpression([...fixed, ...rest]));
  const root = fc.constant<string>;
  const common = [path(root("params"), key), path(root("device"), key)];
  return names === "plan"
    ? fc.oneof(...common, path(root("tasks"), key, facet), path(root("items"), key))
    : fc.oneof(...common, path(root("nodes"), key, facet), path(root("item")));
}

/** Any expression that can be written, whatever its types. */
export function anyExpression(names: NameSet): fc.Arbitrary<Expression> {
  const depthIdentifier = fc.createDepthIdentifier();
  return fc.letrec<{ part: Expression; whole: Expression }>((tie) => {
    const part = tie("part");
    const parts = fc.array(part, { maxLength: 3 });
    const entries = fc.uniqueArray(fc.tuple(key, part), { maxLength: 3, selector: ([name]) => name });
    return {
      part: fc.oneof(
        { maxDepth: 6, depthIdentifier },
        fc.oneof(scalar.map(literalExpression), anyReference(names)),
        { arbitrary: tie("whole"), weight: 2 },
      ),
      whole: fc.oneof(
        parts.map(listExpression),
        entries.map(objectExpression),
        fc
          .tuple(fc.constantFrom("not" as const, "-" as const), part)
          .map(([op, operand]) => unaryExpression(op, operand)),
        fc.tuple(fc.constantFrom(...OPERATORS), part, part).map((sides) => binaryExpression(...sides)),
        fc
          .tuple(part, part, part)
          .map(([test, then, otherwise]) => conditionalExpression({ test, then, otherwise })),
        fc
          .tuple(fc.constantFrom(...Object.keys(FUNCTIONS), "unknown"), parts)
          .map((call) => callExpression(...call)),
        fc.tuple(part, part).map((sides) => indexExpression(...sides)),
      ),
    };
  }).whole;
}

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as JsonValue);

/** A scope that gives any value for any name. */
export const anyScope: fc.Arbitrary<Scope> = fc
  .record({
    params: fc.dictionary(key, json, { noNullPrototype: true }),
    result: json,
    metrics: fc.dictionary(key, fc.double(), { noNullPrototype: true }),
    item: json,
    known: fc.boolean(),
  })
  .map(({ params, result, metrics, item, known }) => ({
    params,
    task: () => (known ? { status: "succeeded", result, metrics } : undefined),
    item: () => (known ? item : undefined),
    device: { kind: "typeA", cpus: 2, memory: 2 ** 30, gpus: 0, platform: "linux", arch: "x64" },
  }));

/** The code of what it throws; anything without a code is a defect and is thrown on. */
export function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code;
  }
  return undefined;
}
