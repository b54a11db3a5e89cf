import fc from "fast-check";
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
import type { Scope, TypeScope } from "./scope.ts";

/** Names whose types are all known. */
export const KNOWN_TYPES: TypeScope = {
  params: { number: "number", string: "string", boolean: "boolean", list: { list: "number" } },
  tasks: { fit: { result: { object: { accuracy: "number", label: "string" } }, metrics: ["loss"] } },
  items: { each: { object: { on: "boolean" } } },
};

const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** Values of those types; each may be null, as after a skip. */
export const knownScope: fc.Arbitrary<Scope> = fc
  .record({
    params: fc.record({
      number: nullable(fc.double()),
      string: nullable(fc.string()),
      boolean: nullable(fc.boolean()),
      list: nullable(fc.array(nullable(fc.double()), { maxLength: 4 })),
    }),
    result: nullable(fc.record({ accuracy: nullable(fc.double()), label: nullable(fc.string()) })),
    loss: fc.double(),
    item: nullable(fc.record({ on: nullable(fc.boolean()) })),
    skipped: fc.boolean(),
  })
  .map(({ params, result, loss, item, skipped }) => ({
    params,
    task: () => (skipped ? undefined : { status: "succeeded", result, metrics: { loss } }),
    item: () => item,
    device: { kind: "typeA", cpus: 2, memory: 2 ** 30, gpus: 0, platform: "linux", arch: "x64" },
  }));

const name = (...path: string[]) => fc.constant<Expression>(referenceExpression(path));

/** A reference to one of the names whose types are known. */
const knownReference = fc.oneof(
  ...Object.keys(KNOWN_TYPES.params).map((param) => name("params", param)),
  name("tasks", "fit", "result", "accuracy"),
  name("tasks", "fit", "result", "label"),
  name("tasks", "fit", "metrics", "loss"),
  name("tasks", "fit", "status"),
  name("items", "each", "on"),
  name("device", "cpus"),
);

type ByType = Record<"number" | "string" | "boolean" | "list", Expression>;

/** Expressions that are right by construction, by their type. */
export const wellTyped = fc.letrec<ByType>((tie) => {
  const grow = { depthSize: "small", maxDepth: 5, depthIdentifier: fc.createDepthIdentifier() } as const;
  const [number, string, boolean, list] = [tie("number"), tie("string"), tie("boolean"), tie("list")];
  const binary = <Op extends Parameters<typeof binaryExpression>[0]>(
    ops: readonly Op[],
    side: typeof number,
  ) => fc.tuple(fc.constantFrom(...ops), side, side).map((parts) => binaryExpression(...parts));
  const call = (names: readonly string[], ...parts: (typeof number)[]) =>
    fc.tuple(fc.constantFrom(...names), fc.tuple(...parts)).map((whole) => callExpression(...whole));
  const either = (side: typeof number) =>
    fc
      .tuple(boolean, side, side)
      .map(([test, then, otherwise]) => conditionalExpression({ test, then, otherwise }));
  return {
    number: fc.oneof(
      grow,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(literalExpression),
      name("params", "number"),
      name("tasks", "fit", "result", "accuracy"),
      name("tasks", "fit", "metrics", "loss"),
      name("device", "memory"),
      binary(["+", "-", "*", "/", "%"], number),
      number.map((operand) => unaryExpression("-", operand)),
      call(["abs", "round", "floor", "ceil", "number"], number),
      call(["min", "max", "coalesce"], number, number),
      call(["min", "max", "len"], list),
      call(["len", "number"], string),
      fc.tuple(list, number).map((parts) => indexExpression(...parts)),
      number.map((value) => indexExpression(objectExpression([["a", value]]), literalExpression("a"))),
      either(number),
    ),
    string: fc.oneof(
      grow,
      fc.string().map(literalExpression),
      name("params", "string"),
      name("tasks", "fit", "status"),
      binary(["+"], string),
      call(["lower", "upper", "string"], string),
      call(["string"], number),
      either(string),
    ),
    boolean: fc.oneof(
      grow,
      fc.boolean().map(literalExpression),
      name("params", "boolean"),
      name("items", "each", "on"),
      ...[number, string].map((side) => binary(["==", "!=", "<", "<=", ">", ">="], side)),
      binary(["and", "or", "==", "!="], boolean),
      binary(["==", "!="], list),
      binary(["in", "not in"], string),
      fc.tuple(number, list).map((sides) => binaryExpression("in", ...sides)),
      boolean.map((operand) => unaryExpression("not", operand)),
      call(["contains", "startswith", "endswith"], string, string),
      call(["contains"], list, number),
      call(["exists"], knownReference),
      either(boolean),
    ),
    list: fc.oneof(
      grow,
      name("params", "list"),
      fc.array(number, { minLength: 1, maxLength: 3 }).map(listExpression),
      either(list),
    ),
  };
});
