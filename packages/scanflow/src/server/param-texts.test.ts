import type { ParamDefinition } from "@scanflow/core";
import { expect, test } from "vitest";
import { readParamTexts } from "./param-texts.ts";

function declared(type: ParamDefinition["type"]): ParamDefinition {
  return { type, choices: null, min: null, max: null, description: "" };
}

test.each([
  ["string", "12", "12"],
  ["string", '"quoted"', '"quoted"'],
  ["integer", "12", 12],
  ["number", "1e-3", 0.001],
  ["boolean", "true", true],
  ["list", "[1,2]", [1, 2]],
  ["object", '{"a":1}', { a: 1 }],
  ["integer", "twelve", "twelve"],
] as const)("a %s typed as %s is %j", (type, text, value) => {
  expect(readParamTexts({ p: declared(type) }, { p: text })).toEqual({ p: value });
});

test("a name that is not declared stays a text, for the check to name it", () => {
  expect(readParamTexts({}, { toString: "1" })).toEqual({ toString: "1" });
});
