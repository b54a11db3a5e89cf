import { expect, test } from "vitest";
import {
  accessExpression,
  binaryExpression,
  literalExpression,
  referenceExpression,
  unaryExpression,
} from "./ast.ts";
import { constantExpression } from "./constant.ts";
import { formatExpression } from "./format.ts";

const x = referenceExpression(["params", "x"]);
const one = literalExpression(1);

test("puts parentheses only where the tree needs them", () => {
  const sum = binaryExpression("+", x, one);
  expect(formatExpression(binaryExpression("*", sum, sum))).toBe("(params.x + 1) * (params.x + 1)");
  expect(formatExpression(binaryExpression("+", sum, sum))).toBe("params.x + 1 + (params.x + 1)");
  const less = binaryExpression("<", x, one);
  expect(formatExpression(binaryExpression("==", less, less))).toBe("(params.x < 1) == (params.x < 1)");
});

test("tells a negated number from a negative one", () => {
  expect(formatExpression(literalExpression(-1))).toBe("-1");
  expect(formatExpression(unaryExpression("-", one))).toBe("-(1)");
  expect(formatExpression(accessExpression(literalExpression(-1), ["a"]))).toBe("(-1).a");
});

test("writes keys in the shortest form that reads back", () => {
  const path = ["tasks", "train/fit", "result", "a", "0", "-1", "007", "-0", "b c", ""];
  expect(formatExpression(referenceExpression(path))).toBe(
    'tasks["train/fit"].result.a[0][-1]["007"]["-0"]["b c"][""]',
  );
});

test("writes a bound value as the constant it is", () => {
  expect(formatExpression(constantExpression({ lr: [0.1, null], "a b": { deep: "yes" } }))).toBe(
    '{lr: [0.1, null], "a b": {deep: "yes"}}',
  );
});

test("keeps numbers that JSON cannot carry out of the tree", () => {
  expect(literalExpression(Number.NaN).value).toBeNull();
  expect(literalExpression(Number.POSITIVE_INFINITY).value).toBeNull();
  expect(Object.is(literalExpression(-0).value, 0)).toBe(true);
});
