import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const names = ["preprocessing", "modeling", "evaluate", "get-new-data"];

test.each([
  ["modelling", "modeling"],
  ["moedling", "modeling"],
  ["Modeling", "modeling"],
  ["get_new_data", "get-new-data"],
  ["preprocesing", "preprocessing"],
])("finds what %s was meant to be", (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});

test.each(["deploy", "", "x", "modeling".repeat(20)])("finds nothing near %s", (typed) => {
  expect(nearest(typed, names)).toBeUndefined();
});

test("does not turn one single letter into another", () => {
  expect(nearest("a", ["b"])).toBeUndefined();
});

test("prefers the nearer of two, and the first of equally near ones", () => {
  expect(nearest("train1", ["train22", "train2"])).toBe("train2");
  expect(nearest("train1", ["train2", "train3"])).toBe("train2");
});

test("finds a name after any one edit, when it is the only candidate", () => {
  const edited = fc
    .tuple(fc.string({ minLength: 3, maxLength: 20 }), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }))
    .map(([name, at, letter]) => {
      const position = at % name.length;
      return { name, typed: name.slice(0, position) + letter + name.slice(position + 1) };
    });
  fc.assert(
    fc.property(edited, ({ name, typed }) => {
      expect(nearest(typed, [name])).toBe(name);
    }),
  );
});
