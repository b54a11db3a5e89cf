import { requireApplication } from "@scanflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseYaml } from "./read-yaml.ts";

function paramsOf(params: string): Record<string, unknown> {
  const text = `application: a\nworkflows: {w: {params: {${params}}, nodes: {n: {run: echo}}}}\n`;
  const { document } = parseYaml(text, "scanflow.yaml");
  const [main] = requireApplication(document).workflows;
  const declared = Object.entries(main?.params ?? {});
  return Object.fromEntries(declared.map(([name, { type, default: value }]) => [name, [type, value]]));
}

test("a param has the type that was written: with a point or an exponent it is a number, whole or not", () => {
  expect(paramsOf("a: 1.0, b: 1e3, c: -2.E+1, d: 1., f: 0.5")).toEqual({
    a: ["number", 1],
    b: ["number", 1000],
    c: ["number", -20],
    d: ["number", 1],
    f: ["number", 0.5],
  });
  expect(paramsOf("a: 1, b: -3, c: 0xE0, d: 0o17, e: '1.0', f: [1.0]")).toEqual({
    a: ["integer", 1],
    b: ["integer", -3],
    c: ["integer", 224],
    d: ["integer", 15],
    e: ["string", "1.0"],
    f: ["list", [1]],
  });
});

test("a type that is declared stays", () => {
  expect(paramsOf("a: {type: integer, default: 1.0}")).toEqual({ a: ["integer", 1] });
});

test("workflows may be a list, and what aliases share is changed only where it declares params", () => {
  const text = `application: a
main: v
workflows:
  - name: w
    params: &shared { rate: &rate 1.0 }
    nodes: { n: { run: echo, params: *shared } }
  - name: v
    params: *shared
    nodes: [{ name: n, workflow: w, params: { rate: *rate } }]
`;
  const { document, locate } = parseYaml(text, "scanflow.yaml");
  const [w, v] = requireApplication(document).workflows;
  expect(w?.params.rate).toMatchObject({ type: "number", default: 1 });
  expect(v?.params.rate).toMatchObject({ type: "number", default: 1 });
  expect(w?.nodes[0]).toMatchObject({ params: { rate: { kind: "literal", value: 1 } } });
  expect(v?.nodes[0]).toMatchObject({ params: { rate: { kind: "literal", value: 1 } } });
  expect(locate(["workflows", 0, "params", "rate", "default"])).toEqual({ line: 5, column: 23 });
});

test("every number that JavaScript writes with a point or an exponent is a number", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.nat(5), (value, digits) => {
      const texts = [value.toFixed(digits), value.toExponential()];
      for (const text of texts) {
        const type = /[.e]/.test(text) ? "number" : "integer";
        expect(paramsOf(`a: ${text}`)).toEqual({ a: [type, Number(text) + 0] });
      }
    }),
  );
});
