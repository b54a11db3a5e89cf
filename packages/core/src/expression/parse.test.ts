import { describe, expect, test } from "vitest";
import { formatExpression } from "./format.ts";
import { parseExpression } from "./parse.ts";
import { spanOf } from "./spans.ts";
import { ExpressionSyntaxError } from "./syntax-error.ts";

describe("reads", () => {
  test.each([
    // Precedence and grouping, shown by the parentheses that remain.
    ["params.a or params.b and not params.c", "params.a or params.b and not params.c"],
    ["(params.a or params.b) and params.c", "(params.a or params.b) and params.c"],
    ["not params.a == 1", "not params.a == 1"],
    ["not (params.a == 1)", "not params.a == 1"],
    ["1 - (2 - 3) - 4", "1 - (2 - 3) - 4"],
    ["(1 - 2) - 3", "1 - 2 - 3"],
    ["2 * (3 + 4) % 5", "2 * (3 + 4) % 5"],
    ["-params.a * -2", "-params.a * -2"],
    ["- - 1", "-(-1)"],
    ["1 if params.a else 2 if params.b else 3", "1 if params.a else 2 if params.b else 3"],
    ["(1 if params.a else 2) if params.b else 3", "(1 if params.a else 2) if params.b else 3"],
    ["params.a && params.b || !params.c", "params.a and params.b or not params.c"],
    // Literals.
    ["1e-3 + 2.50 + 1E+2", "0.001 + 2.5 + 100"],
    ["16GiB + 512MiB + 2GB + 1kB + 7B", "17179869184 + 536870912 + 2000000000 + 1000 + 7"],
    ["1.5KiB", "1536"],
    [`'it "is"' + "it's" + "\\u00e9\\n"`, `"it \\"is\\"" + "it's" + "é\\n"`],
    ["[1, 'a', true, null,]", '[1, "a", true, null]'],
    ["{lr: 0.1, 'batch-size': 32}", '{lr: 0.1, "batch-size": 32}'],
    ["[]", "[]"],
    // References.
    ["nodes.train.result['a-b'][0].c", 'nodes.train.result["a-b"][0].c'],
    ["nodes.get-new-data.metrics.rows", "nodes.get-new-data.metrics.rows"],
    ['nodes["get-new-data"].metrics.rows', "nodes.get-new-data.metrics.rows"],
    ["item", "item"],
    ["item.lr", "item.lr"],
    ["params.in", "params.in"],
    ["params.list[-1]", "params.list[-1]"],
    ["params.list[ params.i + 1 ].x", "params.list[params.i + 1].x"],
    ["[1, 2][0]", "[1, 2][0]"],
    ["(params.a if params.b else params.c).d", "(params.a if params.b else params.c).d"],
    ["max(params.a, 1,)", "max(params.a, 1)"],
    // is
    ["device is typeA", 'device.kind == "typeA"'],
    ["device is not gpu-large and params.a", 'device.kind != "gpu-large" and params.a'],
    ["params.kind is big", 'params.kind == "big"'],
    ["params.kind is null", "params.kind == null"],
    ["params.kind is params.other", "params.kind == params.other"],
    ["params.kind is item", "params.kind == item"],
    ["params.kind is lower('A')", 'params.kind == lower("A")'],
    ["device is 'type A'", 'device.kind == "type A"'],
    ["params.a is 3 + 1", "params.a == 3 + 1"],
    ["params.a not in [1]", "params.a not in [1]"],
    ["\n params.a\n  ==\t1 ", "params.a == 1"],
  ])("%s", (text, canonical) => {
    expect(formatExpression(parseExpression(text))).toBe(canonical);
  });
});

test("gives plain frozen data without offsets", () => {
  const expression = parseExpression("nodes.train.result.scores[0] >= 16KiB");
  expect(JSON.parse(JSON.stringify(expression))).toEqual({
    kind: "binary",
    op: ">=",
    left: { kind: "reference", path: ["nodes", "train", "result", "scores", "0"] },
    right: { kind: "literal", value: 16384 },
  });
  expect(Object.isFrozen(expression)).toBe(true);
});

test("gives the same JSON however the text is laid out", () => {
  const [a, b] = ["params.a+1==2", "( params.a + 1 )\n == (2)"].map((text) => parseExpression(text));
  expect(JSON.stringify(a)).toBe(JSON.stringify(b));
});

test("keeps the place of every part beside the tree", () => {
  const text = "params.a  in [1, -params.b.c]";
  const expression = parseExpression(text);
  const shown: string[] = [];
  const visit = (part: typeof expression) => {
    const span = spanOf(part);
    shown.push(span ? text.slice(span.start, span.end) : "nowhere");
    if (part.kind === "binary") [part.left, part.right].forEach(visit);
    if (part.kind === "list") part.items.forEach(visit);
    if (part.kind === "unary") visit(part.operand);
  };
  visit(expression);
  expect(shown).toEqual([text, "params.a", "[1, -params.b.c]", "1", "-params.b.c", "params.b.c"]);
});

describe("refuses", () => {
  test.each([
    ["", 0, "the end", "a value"],
    ["params.a ==", 11, "the end", "a value"],
    ["params.a = 1", 9, '"="', "an operator, a value or the end"],
    ["params.a 1", 9, '"1"', "an operator or the end"],
    ["1 < 2 < 3", 6, '"<"', "and, or, or the end"],
    ["params.a == not params.b", 12, '"not"', "a value"],
    ["(1 + 2", 6, "the end", '")"'],
    ["[1 2]", 3, '"2"', '","'],
    ["1 if true", 9, "the end", '"else"'],
    ["parms.a", 0, '"parms"', "a value"],
    ["nodes.train", 0, '"nodes.train"', "a reference to a value"],
    ["nodes.train.results.a", 0, '"nodes.train.results.a"', "a reference to a value"],
    ["nodes[params.x].result", 0, '"nodes[params.x]"', "a reference to a value"],
    ["params", 0, '"params"', "a reference to a value"],
    ["device == 1", 0, '"device"', "a reference to a value"],
    ["tasks.a.result", 0, '"tasks"', "a value"],
    ["items.a", 0, '"items"', "a value"],
    ["params.learning-rate", 16, '"rate"', "a value"],
    ["device.kind == typeA", 15, '"typeA"', "a value"],
    ["16Gib", 0, '"16Gib"', "a number or a byte size such as 16GiB"],
    ["1e999", 0, '"1e999"', "a number or a byte size such as 16GiB"],
    ["'abc", 0, "a string that does not end on its line", "a closing quote"],
    ["'a\nb'", 0, "a string that does not end on its line", "a closing quote"],
    ["'a\\qb'", 2, '"\\\\q"', "one of the escapes"],
    ["params.0", 7, '"0"', "a name"],
    ["params.a not 1", 13, '"1"', '"in"'],
    ["{a: 1, a: 2}", 7, '"a"', "another key"],
    ["{1: 2}", 1, '"1"', "a key"],
    ["params.a; 1", 8, '";"', "an operator, a value or the end"],
    ["params.a == 🙂", 12, '"🙂"', "an operator, a value or the end"],
  ])("%s", (text, offset, found, expected) => {
    const error = failure(text);
    expect({ offset: error.offset, found: error.found }).toEqual({ offset, found });
    expect(error.expected).toContain(expected);
    expect(error.code).toBe("SCANFLOW_EXPRESSION_SYNTAX");
  });
});

test("shows the line, a caret under the place and the next action", () => {
  expect(failure("params.a and\n  parms.b > 1").message).toBe(
    [
      'line 2, column 3: found "parms", expected a value.',
      "    parms.b > 1",
      "    ^",
      'there is no name "parms": did you mean params?',
    ].join("\n"),
  );
});

test("shows only the neighbourhood of the place in a long line", () => {
  const lines = failure(`${"params.a or ".repeat(50)}= ${"or params.a ".repeat(50)}`).message.split("\n");
  expect(lines[1]?.length).toBeLessThan(80);
  expect(lines[1]?.charAt(lines[2]?.indexOf("^") ?? 0)).toBe("=");
});

test("reads the names of a plan when told so, and then refuses those of a definition", () => {
  const text = 'tasks["train/fit"].result.accuracy > items["train[*]"].lr';
  expect(formatExpression(parseExpression(text, { names: "plan" }))).toBe(text);
  expect(() => parseExpression("nodes.a.result", { names: "plan" })).toThrow(/there is no name "nodes"/);
});

function failure(text: string): ExpressionSyntaxError {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error;
    throw error;
  }
  throw new Error(`no error for ${text}`);
}
