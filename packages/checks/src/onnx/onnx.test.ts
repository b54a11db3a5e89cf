import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixtures from "./fixtures/models.json" with { type: "json" };
import {
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxTensor,
  readOnnx,
  tensorOf,
  writeOnnx,
} from "./index.ts";

const text = fc.string({ unit: "grapheme", maxLength: 6 });
const whole = fc.maxSafeInteger();
const float = fc.float();

const tensor: fc.Arbitrary<OnnxTensor> = fc
  .tuple(text, fc.array(fc.nat(3), { maxLength: 3 }))
  .chain(([name, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const list = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: size, maxLength: size });
    return fc.oneof(
      list(float).map((values) => tensorOf(name, shape, Float32Array.from(values))),
      list(fc.double()).map((values) => tensorOf(name, shape, Float64Array.from(values))),
      list(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map((values) =>
        tensorOf(name, shape, BigInt64Array.from(values)),
      ),
      list(text).map((values) => tensorOf(name, shape, values)),
      list(fc.nat(255)).map(
        (values): OnnxTensor => ({ name, shape, element: "uint8", values: Uint8Array.from(values) }),
      ),
    );
  });

const value = fc.record({
  name: text,
  element: fc.constantFrom("float32", "int64", "string"),
  shape: fc.option(fc.array(fc.oneof(fc.nat(), fc.string({ minLength: 1 })), { maxLength: 3 })),
});

const { graph } = fc.letrec<{ graph: OnnxGraph; attribute: OnnxAttribute }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("float" as const), value: float }),
    fc.record({ kind: fc.constant("int" as const), value: whole }),
    fc.record({ kind: fc.constant("string" as const), value: text }),
    fc.record({ kind: fc.constant("tensor" as const), value: tensor }),
    fc.record({
      kind: fc.constant("floats" as const),
      value: fc.array(float).map((list) => Float32Array.from(list)),
    }),
    fc.record({ kind: fc.constant("ints" as const), value: fc.array(whole) }),
    fc.record({ kind: fc.constant("strings" as const), value: fc.array(text) }),
    fc.record({ kind: fc.constant("graph" as const), value: tie("graph") }),
  ),
  graph: fc.record({
    name: text,
    nodes: fc.array(
      fc.record({
        op: text,
        domain: text,
        name: text,
        inputs: fc.array(text, { maxLength: 3 }),
        outputs: fc.array(text, { maxLength: 3 }),
        attributes: fc.dictionary(text, tie("attribute"), { maxKeys: 3, noNullPrototype: true }),
      }),
      { maxLength: 3 },
    ),
    constants: fc.array(tensor, { maxLength: 3 }),
    inputs: fc.array(value, { maxLength: 2 }) as fc.Arbitrary<OnnxGraph["inputs"]>,
    outputs: fc.array(value, { maxLength: 2 }) as fc.Arbitrary<OnnxGraph["outputs"]>,
  }),
}));

const model: fc.Arbitrary<OnnxModel> = fc.record({
  irVersion: fc.integer({ min: 3, max: 12 }),
  opsets: fc.dictionary(text, fc.nat(30), { noNullPrototype: true }),
  producer: text,
  graph,
  metadata: fc.dictionary(text, text, { noNullPrototype: true }),
});

test("reading what was written gives the same model", () => {
  fc.assert(
    fc.property(model, (written) => {
      expect(readOnnx(writeOnnx(written))).toEqual(written);
    }),
    { numRuns: 300 },
  );
});

test("no bytes but a model's are read, and whatever is wrong has a code", () => {
  const bytes = fc.tuple(model.map(writeOnnx), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }));
  fc.assert(
    fc.property(bytes, fc.nat(), ([valid, changes], cut) => {
      const hostile = valid.slice(0, cut % 3 === 0 ? cut % (valid.length + 1) : valid.length);
      for (const [at, byte] of changes) if (hostile.length > 0) hostile[at % hostile.length] = byte;
      try {
        readOnnx(hostile);
      } catch (error) {
        expect(error).toMatchObject({ code: "SCANFLOW_ONNX_INVALID" });
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["nothing", [], /has no graph in its 0 bytes/],
  ["a text", [0x6e, 0x6f, 0x74, 0x20, 0x61], /the file/],
  ["a length beyond the end", [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], /ends too early, at byte 6/],
  ["a number without end", new Array(12).fill(0xff), /more than 10 bytes/],
  ["a group", [0x3b], /unknown wire type 3/],
  ["a graph that is a number", [0x38, 1], /has a number in field 7, not bytes/],
])("%s is refused with its place", (_, bytes, message) => {
  expect(() => readOnnx(Uint8Array.from(bytes))).toThrow(message);
  expect(() => readOnnx(Uint8Array.from(bytes))).toThrow(/Write the file again/);
});

test("a tensor whose values do not fill its shape is refused by name", () => {
  const constants = [tensorOf("weight", [2, 2], Float32Array.of(1, 2, 3))];
  const graph = { name: "g", nodes: [], constants, inputs: [], outputs: [] };
  const bytes = writeOnnx({ irVersion: 8, opsets: { "": 17 }, producer: "", graph, metadata: {} });
  expect(() => readOnnx(bytes)).toThrow(/constant 0 "weight" has 3 values, but the shape \[2,2\]/);
});

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

describe("models that the onnx package of Python wrote", () => {
  const models = fixtures.models.map(({ name, hex, expected }) => ({
    name,
    expected,
    model: readOnnx(bytesOf(hex)),
  }));

  test.each(models)("$name is read", ({ model, expected }) => {
    const { irVersion, opsets, producer, metadata, graph } = model;
    expect({ irVersion, opsets, producer, metadata }).toEqual(expected.model);
    expect(
      graph.constants.map((one) => ({
        ...one,
        values: Array.from(one.values as ArrayLike<unknown>, String),
      })),
    ).toEqual(expected.constants);
    expect([...graph.inputs, ...graph.outputs]).toEqual(expected.values);
    const nodes = graph.nodes.map(({ attributes, ...node }) => ({
      ...node,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([key, { kind, value }]) => [
          key,
          { kind, value: value instanceof Float32Array ? [...value] : kind === "tensor" ? "tensor" : value },
        ]),
      ),
    }));
    expect(nodes).toEqual(expected.nodes);
  });
});
