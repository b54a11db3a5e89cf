import { expect, test } from "vitest";
import { problemsIn, problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";
const params = { seed: 7, name: "a", folds: [1, 2] };

test.each([
  ["params.sed > 1", "SCANFLOW_PARAM_UNKNOWN", "seed"],
  ["nodes.splt.result.rows > 1", "SCANFLOW_NODE_UNKNOWN", "split"],
  ["params.seed", "SCANFLOW_EXPRESSION_INVALID", undefined],
  ["params.seed > 'a'", "SCANFLOW_EXPRESSION_INVALID", undefined],
  ["device.kinds == 'a'", "SCANFLOW_EXPRESSION_INVALID", "kind"],
  ["item > 1", "SCANFLOW_EXPRESSION_MISPLACED", undefined],
  ["params.seed >", "SCANFLOW_EXPRESSION_SYNTAX", undefined],
  ["1 + ".repeat(200), "SCANFLOW_EXPRESSION_SYNTAX", undefined],
  ["(".repeat(9000), "SCANFLOW_EXPRESSION_LIMIT", undefined],
  ["a".repeat(20_000), "SCANFLOW_EXPRESSION_LIMIT", undefined],
])("the condition %.30s: %s", (when, code, suggestion) => {
  const nodes = { split: { run }, fit: { run, when } };
  expect(problemsOf(withNodes(nodes, { params }))).toEqual([
    [code, "workflows.w.nodes.fit.when", suggestion],
  ]);
});

test("the item is known to the parameters and the condition of a mapped node", () => {
  const nodes = {
    over: { run, map: { over: [1, 2] }, params: { x: { expression: "item + 1" } }, when: "item > 1" },
    sweep: { run, map: { sweep: { lr: [0.1], name: ["a"] } }, params: { x: { expression: "item.lr * 2" } } },
    computed: {
      run,
      map: { over: { expression: "params.folds" } },
      params: { x: { expression: "item.anything" } },
    },
  };
  expect(problemsOf(withNodes(nodes, { params }))).toEqual([]);
  const wrong = {
    over: { run, map: { over: [1, 2] }, params: { x: { expression: "item.field" } } },
    sweep: { run, map: { sweep: { lr: [0.1] } }, params: { x: { expression: "item.rate" } } },
    list: { run, map: { over: { expression: "params.seed" } } },
    itself: { run, map: { over: { expression: "item" } } },
  };
  expect(problemsOf(withNodes(wrong, { params })).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_EXPRESSION_INVALID", "workflows.w.nodes.over.params.x"],
    ["SCANFLOW_EXPRESSION_INVALID", "workflows.w.nodes.sweep.params.x"],
    ["SCANFLOW_MAP_INVALID", "workflows.w.nodes.list.map.over"],
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.nodes.itself.map.over"],
  ]);
});

test("whether a mapped workflow is entered cannot depend on its item", () => {
  const document = {
    application: "a",
    main: "w",
    workflows: {
      w: { nodes: { n: { workflow: "v", map: { over: [1] }, when: "item > 1" } } },
      v: { nodes: { n: { run } } },
    },
  };
  expect(problemsOf(document)).toEqual([
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.nodes.n.when", undefined],
  ]);
});

test("a parameter of the workflow around is named as such", () => {
  const document = {
    application: "a",
    main: "outer",
    workflows: {
      outer: { params, nodes: { n: { workflow: "inner" } } },
      inner: { nodes: { n: { run, params: { seed: { expression: "params.seed" } } } } },
    },
  };
  const [problem] = problemsIn(document);
  expect(problem?.code).toBe("SCANFLOW_PARAM_UNKNOWN");
  expect(problem?.message).toContain("workflow outer, which contains it, has one");
});

test("an expression is refused where only a value can stand", () => {
  const expression = { expression: "params.seed" };
  const nodes = {
    n: {
      run,
      resources: { cpu: expression },
      retry: expression,
      map: { sweep: { lr: expression } },
      cache: expression,
    },
  };
  expect(
    problemsOf(withNodes(nodes, { params: { seed: 1, other: expression } })).map(([code, path]) => [
      code,
      path,
    ]),
  ).toEqual([
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.params.other"],
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.nodes.n.resources.cpu"],
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.nodes.n.retry"],
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.nodes.n.cache"],
    ["SCANFLOW_EXPRESSION_MISPLACED", "workflows.w.nodes.n.map.sweep.lr"],
  ]);
});

test("an expression that is no text is told so", () => {
  const nodes = {
    n: { run, params: { x: { expression: 3 } }, map: { over: { expression: 3 } } },
    m: { run, when: 3 },
  };
  expect(problemsOf(withNodes(nodes)).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n.map.over.expression"],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n.params.x.expression"],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.m.when"],
  ]);
});
