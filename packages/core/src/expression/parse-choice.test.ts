import { describe, expect, test } from "vitest";
import type { Choice } from "./choice.ts";
import { formatExpression } from "./format.ts";
import { formatChoice } from "./format-choice.ts";
import { parseChoice } from "./parse-choice.ts";
import { spanOf } from "./spans.ts";
import { ExpressionSyntaxError } from "./syntax-error.ts";

const DECKS = "if device is typeA run workflow A, elif typeB run B1 or B2, else C1 then C2 then C3";

test("reads the sentence of the decks as it stands", () => {
  const kind = { kind: "reference", path: ["device", "kind"] };
  const is = (value: string) => ({ kind: "binary", op: "==", left: kind, right: { kind: "literal", value } });
  expect(parseChoice(DECKS)).toEqual({
    branches: [
      { when: is("typeA"), run: { sequence: ["A"] } },
      { when: is("typeB"), run: { firstOf: ["B1", "B2"] } },
      { when: null, run: { sequence: ["C1", "C2", "C3"] } },
    ],
  });
});

describe("reads", () => {
  test.each([
    [
      "commas, line breaks and run where they may stand",
      "if device is a,\n run A\nelif b run B\n, else\nrun C",
      'if device.kind == "a" run A, elif device.kind == "b" run B, else run C',
    ],
    [
      "a comma before run",
      "if params.a, run A, elif params.b, run B",
      "if params.a run A, elif params.b run B",
    ],
    ["a single branch", "if params.fast run quick", "if params.fast run quick"],
    [
      "or inside a condition as part of it",
      "if params.a or params.b run A or B",
      "if params.a or params.b run A or B",
    ],
    [
      "an elif without run",
      "if params.a run A elif device.gpus > 1 B then C else D",
      "if params.a run A, elif device.gpus > 1 run B then C, else run D",
    ],
    [
      "a bare word without run",
      "if device is a run A, elif b workflow B, elif c 'C'",
      'if device.kind == "a" run A, elif device.kind == "b" run B, elif device.kind == "c" run C',
    ],
    [
      "a target that starts with a digit",
      "if params.n > 1 run 2-step elif params.n > 3 3d-model",
      "if params.n > 1 run 2-step, elif params.n > 3 run 3d-model",
    ],
    [
      "a bare word behind is not",
      "if params.size is not small run A, elif big run B",
      'if params.size != "small" run A, elif params.size == "big" run B',
    ],
    [
      "a bare word with hyphens",
      "if device is gpu-large run A, elif gpu-small run B",
      'if device.kind == "gpu-large" run A, elif device.kind == "gpu-small" run B',
    ],
    [
      "item as a condition, not as a bare word",
      "if item run A, elif item run B",
      "if item run A, elif item run B",
    ],
    [
      "a negated condition behind elif",
      "if params.a run A, elif not params.b run B",
      "if params.a run A, elif not params.b run B",
    ],
    [
      "a conditional expression",
      "if true if params.a else params.b run A else B",
      "if true if params.a else params.b run A, else run B",
    ],
    [
      "workflow as a name and as an introduction",
      "if params.a run workflow then workflow A then workflow 'run', else workflow workflow",
      'if params.a run "workflow" then A then "run", else run "workflow"',
    ],
    ["a result named run", "if nodes.a.result.run run A", "if nodes.a.result.run run A"],
  ])("%s", (_, text, canonical) => {
    const choice = parseChoice(text);
    expect(formatChoice(choice)).toBe(canonical);
    expect(parseChoice(formatChoice(choice))).toEqual(choice);
  });
});

describe("refuses", () => {
  test.each([
    ["", 0, "the end", '"if"'],
    ["device is a run A", 0, '"device"', '"if"'],
    ["if device is a A", 15, '"A"', '"run"'],
    ["if device is a run", 18, "the end", "the name of a node"],
    ["if device is a run then", 19, '"then"', "the name of a node"],
    ["if device is a run A then B or C", 28, '"or"', '"then" or the next branch'],
    ["if device is a run A or B then C", 26, '"then"', '"or" or the next branch'],
    ["if device is a run A and B", 21, '"and"', '"then", "or", "elif", "else" or the end'],
    ["if device is a run A, B", 22, '"B"', '"then", "or", "elif", "else" or the end'],
    ["if device is a run A,", 21, "the end", '"then", "or", "elif", "else" or the end'],
    ["if device is a run A else if params.b run B", 26, '"if"', "the name of a node"],
    ["if device is a run A else B else C", 28, '"else"', "the end"],
    ["if device is a run A else B, ", 27, '","', "the end"],
    ["if device is a run A then A", 26, '"A"', "another node"],
    ["if params.a run A, elif b run B", 24, '"b"', "a condition"],
    ["if params.a > 1 and device is b run A, elif c run C", 44, '"c"', "a condition"],
    ["if b run B", 3, '"b"', "a value"],
    ["if device is a run A.B", 20, '"."', '"then", "or", "elif", "else" or the end'],
    ["if device is a run 'A B'", 19, "\"'A B'\"", "the name of a node"],
    ["if device is a run 'A", 19, "a string that does not end on its line", "a closing quote"],
    ["if tasks.a.result run A", 3, '"tasks"', "a value"],
  ])("%s", (text, offset, found, expected) => {
    const error = failure(text);
    expect({ offset: error.offset, found: error.found, expected: error.expected }).toEqual({
      offset,
      found,
      expected,
    });
    expect(error.code).toBe("SCANFLOW_EXPRESSION_SYNTAX");
  });
});

test("explains a single word that has no subject to repeat", () => {
  expect(failure("if params.a run A, elif b run B").message).toContain("write the whole condition");
});

test("places conditions in the text of the choice", () => {
  const { branches } = parseChoice(DECKS);
  const places = branches.map(({ when }) => {
    const span = when && spanOf(when);
    return span ? DECKS.slice(span.start, span.end) : null;
  });
  expect(places).toEqual(["device is typeA", "typeB", null]);
});

test("writes a choice that was built, quoting names that are words", () => {
  const choice: Choice = {
    branches: [{ when: null, run: { firstOf: ["then", "null", "A"] } }],
  };
  expect(formatChoice(choice)).toBe('else run "then" or "null" or A');
});

test("gives frozen plain data", () => {
  const choice = parseChoice(DECKS);
  expect(JSON.parse(JSON.stringify(choice))).toEqual(choice);
  expect(Object.isFrozen(choice.branches[0]?.run)).toBe(true);
  expect(choice.branches.map(({ when }) => when && formatExpression(when))).toEqual([
    'device.kind == "typeA"',
    'device.kind == "typeB"',
    null,
  ]);
});

function failure(text: string): ExpressionSyntaxError {
  try {
    parseChoice(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error;
    throw error;
  }
  throw new Error(`no error for ${text}`);
}
