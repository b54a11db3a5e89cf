import { describe, expect, test } from "vitest";
import { checkCondition, checkTypes } from "./check-types.ts";
import { parseExpression } from "./parse.ts";
import type { TypeScope } from "./scope.ts";

const types: TypeScope = {
  params: {
    seed: "number",
    name: "string",
    verbose: "boolean",
    config: "object",
    layers: { list: "number" },
    model: { object: { depth: "number", tags: { list: "string" } } },
  },
  nodes: {
    train: { result: { object: { accuracy: "number" } }, metrics: ["loss"] },
    "get-new-data": {},
  },
  item: { object: { lr: "number" } },
};

describe("gives a type", () => {
  test.each([
    ["params.seed + 1", "number"],
    ["params.name + 'x'", "string"],
    ["params.seed > 1 and not params.verbose", "boolean"],
    ["nodes.train.result.accuracy", "number"],
    ["nodes.get-new-data.result.rows", "unknown"],
    ["nodes.get-new-data.metrics.rows", "number"],
    ["nodes.get-new-data.metrics", "object"],
    ["nodes.train.status", "string"],
    ["nodes.get-new-data.result.a + nodes.get-new-data.result.b", "unknown"],
    ["nodes.get-new-data.result.a - 1", "number"],
    ["device.memory >= 16GiB", "boolean"],
    ["params.layers", { list: "number" }],
    ["params.layers[0]", "number"],
    ["params.layers[params.seed]", "number"],
    ["params.model.tags[0]", "string"],
    ["params.config.anything", "unknown"],
    ["[1, null, 2]", { list: "number" }],
    ["[]", { list: "unknown" }],
    ["[1, 'a']", { list: "unknown" }],
    ["{a: 1}.a", "number"],
    ["1 if params.verbose else null", "number"],
    ["1 if params.verbose else 'a'", "unknown"],
    ["coalesce(null, params.seed)", "number"],
    ["exists(nodes.train.result.accuracy)", "boolean"],
    ["null + 1", "null"],
    ["item.lr * 2", "number"],
    ["params.seed in [1, 2] or 'a' in params.name", "boolean"],
    ["params.seed == null", "boolean"],
  ])("%s", (text, type) => {
    expect(checkTypes(parseExpression(text), types)).toEqual({ type, problems: [] });
  });
});

describe("finds the problem in", () => {
  test.each([
    ["params.sed > 1", "params.sed", 'there is no parameter "sed": did you mean seed?', "seed"],
    [
      "1 < nodes.tran.result.x",
      "nodes.tran.result.x",
      'there is no node "tran": did you mean train?',
      "train",
    ],
    ["nodes.train.result.acuracy", "nodes.train.result.acuracy", "did you mean accuracy?", "accuracy"],
    ["nodes.train.metrics.los", "nodes.train.metrics.los", "did you mean loss?", "loss"],
    ["device.memry", "device.memry", "did you mean memory?", "memory"],
    ["item.rate", "item.rate", 'there is no field "rate": use one of lr', undefined],
    ["maxx(1)", "maxx(1)", 'there is no function "maxx": did you mean max?', "max"],
    ["{abc: 1}.abd", "{abc: 1}.abd", "did you mean abc?", "abc"],
    ["params.name > 1", "params.name > 1", "> cannot be used between a string and a number", undefined],
    [
      "params.seed == 'a'",
      "params.seed == 'a'",
      "== cannot be used between a number and a string",
      undefined,
    ],
    [
      "params.verbose < params.verbose",
      "params.verbose < params.verbose",
      "a boolean and a boolean",
      undefined,
    ],
    ["params.name - 1", "params.name - 1", "- cannot be used between a string and a number", undefined],
    [
      "params.name in params.layers",
      "params.name in params.layers",
      "a string and a list of numbers",
      undefined,
    ],
    ["1 in 'abc'", "1 in 'abc'", "in cannot be used between a number and a string", undefined],
    ["true and params.seed", "params.seed", "and takes a boolean, this is a number", undefined],
    ["not params.seed", "params.seed", "not takes a boolean, this is a number", undefined],
    ["-params.name", "params.name", "- takes a number, this is a string", undefined],
    ["1 if params.seed else 2", "params.seed", "the test of a conditional takes a boolean", undefined],
    ["abs(1, 2)", "abs(1, 2)", "abs takes 1 argument, found 2", undefined],
    ["max()", "max()", "max takes 1 or more arguments, found 0", undefined],
    ["'a' == lower(2)", "2", "lower takes a string as argument 1, this is a number", undefined],
    ["len(1)", "1", "len takes a string or a list or an object as argument 1", undefined],
    ["contains('abc', 1)", "1", "contains takes a string as argument 2, this is a number", undefined],
    ["exists(1 + 1)", "exists(1 + 1)", "exists takes a reference", undefined],
    ["params.layers.size", "params.layers.size", 'a list has no field "size"', undefined],
    ["params.seed.x", "params.seed.x", 'a number has no field "x"', undefined],
    ["params.layers['0' + '1']", "params.layers['0' + '1']", "the index of a list is a number", undefined],
    [
      "params.config[params.seed]",
      "params.config[params.seed]",
      "the key of an object is a string",
      undefined,
    ],
    ["(1 + 1).x", "(1 + 1).x", "a number has no fields", undefined],
  ])("%s", (text, place, message, suggestion) => {
    const { problems } = checkTypes(parseExpression(text), types);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(text.slice(problem?.start, problem?.end)).toBe(place);
    expect(problem?.message).toContain(message);
    expect(problem?.suggestion).toBe(suggestion);
  });
});

test("finds all problems of one expression, in reading order", () => {
  const { problems } = checkTypes(
    parseExpression("params.a > 1 if params.b else lower(params.sed, 1)"),
    types,
  );
  expect(problems.map(({ start }) => start)).toEqual([0, 16, 30, 36]);
});

test("refuses item where there is no map, and nodes where there are none", () => {
  const bare: TypeScope = { params: {} };
  expect(checkTypes(parseExpression("item"), bare).problems[0]?.message).toContain("only a node with map");
  expect(checkTypes(parseExpression("nodes.a.result"), bare).problems[0]?.message).toContain(
    "there are none here",
  );
});

test("never takes an inherited property for a declared name", () => {
  for (const name of ["constructor", "__proto__", "toString"]) {
    const texts = [`params.${name}`, `nodes.${name}.result`, `nodes.train.result.${name}`, `${name}(1)`];
    for (const text of texts) {
      expect(checkTypes(parseExpression(text), types).problems, text).toHaveLength(1);
    }
  }
});

test("checks the names of a plan too", () => {
  const plan: TypeScope = { params: {}, tasks: { "a/b": { result: "number" } }, items: { m: "string" } };
  const check = (text: string) => checkTypes(parseExpression(text, { names: "plan" }), plan);
  expect(check('tasks["a/b"].result + 1')).toEqual({ type: "number", problems: [] });
  expect(check("items.m")).toEqual({ type: "string", problems: [] });
  expect(check("items.n").problems).toHaveLength(1);
});

test("accepts conditions that are boolean, null or unknown, and no others", () => {
  const problemsOf = (text: string) => checkCondition(parseExpression(text), types).problems;
  expect(problemsOf("params.seed > 1")).toEqual([]);
  expect(problemsOf("params.config.flag")).toEqual([]);
  expect(problemsOf(" params.seed")).toEqual([
    {
      message: "a condition is true or false, this is a number: compare it with something",
      start: 1,
      end: 12,
    },
  ]);
});

test("places problems of an expression that was read from JSON in its canonical text", () => {
  const expression = JSON.parse(JSON.stringify(parseExpression("params.sed   + 1")));
  expect(checkTypes(expression, types).problems[0]).toMatchObject({ start: 0, end: "params.sed + 1".length });
});
