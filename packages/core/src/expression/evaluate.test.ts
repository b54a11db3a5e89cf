import { describe, expect, test } from "vitest";
import type { JsonValue } from "../json.ts";
import { callExpression, literalExpression, referenceExpression } from "./ast.ts";
import { evaluate, evaluateCondition } from "./evaluate.ts";
import { FUNCTIONS } from "./functions.ts";
import { parseExpression } from "./parse.ts";
import type { Scope } from "./scope.ts";
import { references } from "./walk.ts";

const scope: Scope = {
  params: { seed: 7, name: "Model", list: [3, 1, 2], mixed: [1, "a"], flag: true, config: { lr: 0.5 } },
  task: (id) =>
    ({
      "train/fit": {
        status: "succeeded",
        result: { accuracy: 0.9, label: "42", scores: [[1], [2]] },
        metrics: { loss: 0.1, broken: Number.NaN },
      },
      skipped: { status: "skipped", result: null, metrics: {} },
    })[id],
  device: { kind: "typeA", cpus: 8, memory: 2 ** 34, gpus: 0, platform: "linux", arch: "x64" },
  item: (map) => (map === "each[*]" ? { lr: 0.1 } : undefined),
};

const fit = 'tasks["train/fit"]';

const examples: [string, JsonValue][] = [
  // Logic.
  ["true and false or true", true],
  ["not true", false],
  ["1 if params.flag else 2", 1],
  ["true or params.seed", true],
  ["false and params.seed", false],
  // Comparison.
  ["1 < 2 and 2 <= 2 and 3 > 2 and 2 >= 2", true],
  ["'a' < 'b'", true],
  ["params.list == [3, 1, 2]", true],
  ["{a: 1, b: [2]} == {b: [2], a: 1}", true],
  ["{a: 1} == {b: 1}", false],
  ["{__proto__: {}} == {a: {}}", false],
  ["[1] != [1, 2]", true],
  ["2 in params.list", true],
  ["[2] in tasks['train/fit'].result.scores", true],
  ["'od' in params.name and 'x' not in params.name", true],
  ["device is typeA and device.memory >= 16GiB", true],
  // Arithmetic.
  ["1 + 2 * 3 - 4 / 8", 6.5],
  ["-7 % 3", 2],
  ["7 % -3", -2],
  ["'a' + 'b'", "ab"],
  ["-params.seed", -7],
  // References.
  [`${fit}.result.accuracy`, 0.9],
  [`${fit}.result.scores[-1][0]`, 2],
  [`${fit}.metrics.loss`, 0.1],
  [`${fit}.status`, "succeeded"],
  ["items['each[*]'].lr", 0.1],
  ["params.list[params.seed - 6]", 1],
  ["params.list[0.5 * 3]", null],
  ["params.config['l' + 'r']", 0.5],
  ["{a: {b: 1}}.a.b", 1],
  ["params.list", [3, 1, 2]],
  // Null: what is not there.
  ["params.missing", null],
  ["params.list[9]", null],
  [`${fit}.metrics.broken`, null],
  [`${fit}.metrics`, { loss: 0.1, broken: null }],
  [`${fit}.metrics["lo" + "ss"]`, 0.1],
  ["tasks.skipped.result.accuracy.deep", null],
  ["tasks.nowhere.status", null],
  ["items.nowhere", null],
  ["params.list[null]", null],
  // Null: what operators make of it.
  ["null == null and not (null != null) and null != 1", true],
  ["null < 1 or null <= null or 1 > null or null >= 1", false],
  ["null in [null] or 1 in null or null not in [1] or 1 not in null", false],
  ["null + 1", null],
  ["-null", null],
  ["1 / 0", null],
  ["0 % 0", null],
  ["1e308 * 10", null],
  ["0 * -1", 0],
  ["null or true", true],
  ["null and true", false],
  ["not null", true],
  ["1 if null else 2", 2],
  // Functions.
  ["min(3, 1, 2)", 1],
  ["min(params.list)", 1],
  ["max(params.list)", 3],
  ["max(tasks.skipped.metrics.f1, 0.5)", 0.5],
  ["max(null)", null],
  ["min([])", null],
  ["abs(-2)", 2],
  ["[round(2.5), round(-2.5), round(0.4)]", [3, -3, 0]],
  ["[floor(-1.5), ceil(-1.5)]", [-2, -1]],
  ["[len('a🙂'), len([1, 2]), len({a: 1}), len(null)]", [2, 2, 1, null]],
  ["lower('AB') + upper('ab')", "abAB"],
  ["[contains('abc', 'b'), contains([1, 2], 3), contains(null, 1)]", [true, false, null]],
  ["[startswith('abc', 'ab'), endswith('abc', 'ab')]", [true, false]],
  ["coalesce(null, params.missing, 3, 4)", 3],
  ["coalesce(null)", null],
  [
    `[exists(${fit}.result.accuracy), exists(${fit}.result.no), exists(${fit}.result.accuracy.x)]`,
    [true, false, false],
  ],
  ["[exists(params.list.x), exists(tasks.skipped.result)]", [false, false]],
  ["[string(1.5), string(true), string('a'), string(null)]", ["1.5", "true", "a", null]],
  [
    "[number(' -1.5e1 '), number('2KiB'), number('two'), number(''), number(true), number(3)]",
    [-15, 2048, null, null, 1, 3],
  ],
];

describe("evaluates", () => {
  test.each(examples)("%s", (text, value) => {
    expect(evaluate(parseExpression(text, { names: "plan" }), scope)).toEqual(value);
  });
});

test("the examples use every function", () => {
  const text = examples.map(([example]) => example).join(" ");
  for (const name of Object.keys(FUNCTIONS)) expect(text).toContain(`${name}(`);
});

describe("refuses a value of the wrong type in", () => {
  test.each([
    [
      `${fit}.result.label > 0.5`,
      `${fit}.result.label is the string "42", but > takes two numbers or two strings.`,
    ],
    ["0.5 < params.list", "params.list is a list of 3, but < takes two numbers or two strings."],
    ["params.name - 1", 'params.name is the string "Model", but - takes two numbers.'],
    ["1 + params.config", "params.config is an object, but + takes two numbers or two strings."],
    ["params.seed == '7'", 'params.seed is the number 7, but == compares it with the string "7".'],
    ["'7' == params.seed", 'params.seed is the number 7, but == compares it with the string "7".'],
    ["params.seed in params.config", "params.config is an object, but in looks in a list or a string."],
    ["params.seed in params.name", "params.seed is the number 7, but in looks for it in a string."],
    ["params.seed and true", "params.seed is the number 7, but and takes true or false."],
    ["not params.seed", "params.seed is the number 7, but not takes true or false."],
    ["-params.flag", "params.flag is the boolean true, but - takes a number."],
    [
      "1 if params.seed else 2",
      "params.seed is the number 7, but the test of a conditional is true or false.",
    ],
    ["params.seed.deep", 'params.seed is the number 7, but it is used as if it had a field "deep".'],
    ["params.list.first", 'params.list is a list of 3, but it is used as if it had a field "first".'],
    ["params.list['0' + '']", "the key of a list is a number."],
    ["params.config[params.seed]", "params.seed is the number 7, but the key of an object is a string."],
    ["(1 + 1)[params.seed]", "1 + 1 is the number 2, but only lists and objects have keys."],
    ["lower(params.seed)", "params.seed is the number 7, but lower takes a string as argument 1."],
    [
      "min(params.mixed)",
      "params.mixed is a list of 2, but min takes a list of numbers or a number as argument 1.",
    ],
    [
      "contains('abc', params.seed)",
      "params.seed is the number 7, but contains takes a string as argument 2.",
    ],
  ])("%s", (text, message) => {
    const run = () => evaluate(parseExpression(text, { names: "plan" }), scope);
    expect(run).toThrow(expect.objectContaining({ code: "SCANFLOW_EXPRESSION_TYPE" }));
    expect(run).toThrow(message);
    expect(run).toThrow(/Correct what gives this value/);
  });
});

test("keeps the message short whatever the value and the expression are", () => {
  const long = { ...scope, params: { text: "x".repeat(100_000) } };
  const run = () => evaluate(parseExpression(`-(${"params.text + ".repeat(50)}params.text)`), long);
  expect(run).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{50,400}$/s) }));
});

test.each([
  [parseExpression("nodes.a.result"), 'there is no name "nodes"'],
  [parseExpression("item"), 'there is no name "item"'],
  [parseExpression("maxx(1)"), "did you mean max?"],
  [parseExpression("constructor(1)"), "there is no function"],
  [callExpression("abs", [literalExpression(1), literalExpression(2)]), "abs takes 1 argument, found 2"],
  [referenceExpression(["tasks", "a"]), "tasks alone is not a value"],
  [referenceExpression([]), "there is no name"],
])("refuses names that mean nothing: %j", (expression, message) => {
  const run = () => evaluate(expression, scope);
  expect(run).toThrow(expect.objectContaining({ code: "SCANFLOW_EXPRESSION_NAME" }));
  expect(run).toThrow(message);
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "never reads the inherited %s",
  (name) => {
    const texts = [
      `params.${name}`,
      `params.config.${name}`,
      `params.config["${name}" + ""]`,
      `device.${name}`,
      `${fit}.metrics.${name}`,
      `{}.${name}`,
    ];
    for (const text of texts) {
      expect(evaluate(parseExpression(text, { names: "plan" }), scope), text).toBeNull();
    }
  },
);

test("reads and makes own fields with dangerous names as plain data", () => {
  const params = JSON.parse('{"config": {"__proto__": 5}}');
  expect(evaluate(parseExpression("params.config.__proto__"), { ...scope, params })).toBe(5);
  const made = evaluate(parseExpression("{__proto__: {polluted: true}}"), scope);
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":true}}');
});

test("compares results that are nested without bound", () => {
  const deep = () => JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
  const params = { a: deep(), b: deep() };
  expect(
    evaluate(parseExpression("params.a == params.b and params.a in [params.b]"), { ...scope, params }),
  ).toBe(true);
});

test("a condition holds, does not hold, or is not a condition", () => {
  const holds = (text: string) => evaluateCondition(parseExpression(text), scope);
  expect(holds("params.seed == 7")).toBe(true);
  expect(holds("params.missing")).toBe(false);
  expect(() => holds("params.seed")).toThrow(
    "params.seed is the number 7, but a condition is true or false.",
  );
});

test("evaluates without asking for tasks that no reference names", () => {
  const asked: string[] = [];
  const task = (id: string) => {
    asked.push(id);
    return scope.task(id);
  };
  const expression = parseExpression(`${fit}.result.accuracy > 0.5 or tasks.skipped.result`, {
    names: "plan",
  });
  expect(evaluate(expression, { ...scope, task })).toBe(true);
  expect(asked).toEqual(["train/fit"]);
  expect(references(expression)).toHaveLength(2);
});
