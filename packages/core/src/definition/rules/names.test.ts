import { expect, test } from "vitest";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";

test.each([
  ["my node", "my-node"],
  ["9lives", "lives"],
  ["_a", "a"],
  ["a.b", "a-b"],
  ["ü", undefined],
  ["", undefined],
  ["a".repeat(64), "a".repeat(63)],
])("%j cannot be the name of a node", (name, suggestion) => {
  expect(problemsOf(withNodes([{ name, run }]))).toEqual([
    ["SCANFLOW_NAME_ILLEGAL", "workflows.w.nodes[0]", suggestion],
  ]);
});

test("the words of references and expressions cannot be names of nodes and workflows, but of parameters", () => {
  for (const name of [
    "params",
    "nodes",
    "inputs",
    "outputs",
    "device",
    "item",
    "tasks",
    "items",
    "constructor",
  ]) {
    expect(problemsOf(withNodes({ [name]: { run } }))).toHaveLength(1);
    expect(problemsOf({ application: "a", workflows: { [name]: { nodes: { n: { run } } } } })).toHaveLength(
      1,
    );
  }
  expect(problemsOf(withNodes({ n: { run, params: { device: "cuda" }, outputs: ["items"] } }))).toEqual([]);
});

test("every kind of name is checked", () => {
  const document = {
    application: "a b",
    tracker: { name: "t t" },
    workflows: {
      "w w": {
        params: { "p p": 1 },
        inputs: ["i i"],
        outputs: { "o o": "n.a" },
        nodes: {
          n: { run, inputs: { "1": { file: "f" } }, outputs: { a: "a", "a a": "b" }, params: { "q q": 1 } },
          m: { run, map: { sweep: { "s s": [1] } } },
          c: { choice: [{ outputs: { "c c": "n.a" } }] },
          toString: { kind: "tracker" },
        },
      },
      main: { nodes: { n: { run } } },
    },
    main: "main",
  };
  expect(
    problemsOf(document)
      .map(([code, path]) => `${code} ${path}`)
      .sort(),
  ).toEqual(
    [
      "application",
      "tracker.name",
      'workflows["w w"]',
      'workflows["w w"].params["p p"]',
      'workflows["w w"].inputs[0]',
      'workflows["w w"].outputs["o o"]',
      'workflows["w w"].nodes.n.inputs.1',
      'workflows["w w"].nodes.n.outputs["a a"]',
      'workflows["w w"].nodes.n.params["q q"]',
      'workflows["w w"].nodes.m.map.sweep["s s"]',
      'workflows["w w"].nodes.c.choice[0].outputs["c c"]',
      'workflows["w w"].nodes.toString',
    ]
      .map((path) => `SCANFLOW_NAME_ILLEGAL ${path}`)
      .sort(),
  );
});

test("names stand once, also where they become variables", () => {
  const document = {
    application: "a",
    main: "w",
    workflows: [
      {
        name: "w",
        nodes: [
          { name: "n", run },
          { name: "n", kind: "tracker" },
          {
            name: "m",
            run,
            params: { "a-b": 1, A_B: 2 },
            outputs: ["x", "x"],
            env: { KEY: 1 },
            secrets: ["KEY"],
          },
        ],
      },
      { name: "w", inputs: ["i", "i"], nodes: { n: { run } } },
    ],
  };
  expect(problemsOf(document)).toEqual([
    ["SCANFLOW_NAME_DUPLICATE", "workflows[0].nodes[2].outputs[1]", undefined],
    ["SCANFLOW_NAME_DUPLICATE", "workflows[1]", undefined],
    ["SCANFLOW_NAME_DUPLICATE", "workflows[0].nodes[1]", undefined],
    ["SCANFLOW_NAME_DUPLICATE", "workflows[0].nodes[2].params.A_B", undefined],
    ["SCANFLOW_NAME_DUPLICATE", "workflows[1].inputs[1]", undefined],
    ["SCANFLOW_NAME_DUPLICATE", "workflows[0].nodes[2].secrets[0]", undefined],
  ]);
});

test("environment variables are such, and none of the contract's own", () => {
  const env = {
    OK: "1",
    "not ok": "1",
    SCANFLOW_PARAM_X: "1",
    MLFLOW_RUN_ID: "1",
    MLFLOW_HTTP_REQUEST_TIMEOUT: "1",
  };
  expect(problemsOf(withNodes({ n: { run, env, secrets: ["a=b"] } }))).toEqual([
    ["SCANFLOW_NAME_ILLEGAL", 'workflows.w.nodes.n.env["not ok"]', undefined],
    ["SCANFLOW_NAME_ILLEGAL", "workflows.w.nodes.n.env.SCANFLOW_PARAM_X", undefined],
    ["SCANFLOW_NAME_ILLEGAL", "workflows.w.nodes.n.env.MLFLOW_RUN_ID", undefined],
    ["SCANFLOW_NAME_ILLEGAL", "workflows.w.nodes.n.secrets[0]", undefined],
  ]);
});
