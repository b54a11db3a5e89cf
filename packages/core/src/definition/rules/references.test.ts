import { expect, test } from "vitest";
import { problemsIn, problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";
const split = { run, outputs: ["train", "test"] };

test.each([
  ["split.trian", "SCANFLOW_OUTPUT_UNKNOWN", "split.train"],
  ["splt.train", "SCANFLOW_NODE_UNKNOWN", "split.train"],
  ["inputs.dta", "SCANFLOW_INPUT_UNKNOWN", "inputs.data"],
  ["split.toString", "SCANFLOW_OUTPUT_UNKNOWN", undefined],
  ["train", "SCANFLOW_REFERENCE_INVALID", undefined],
  ["data/digits.csv", "SCANFLOW_REFERENCE_INVALID", undefined],
  ["a.b.c", "SCANFLOW_REFERENCE_INVALID", undefined],
  [".train", "SCANFLOW_REFERENCE_INVALID", undefined],
  ["split.", "SCANFLOW_REFERENCE_INVALID", undefined],
  ["log.x", "SCANFLOW_TRACKER_INVALID", undefined],
  ["ask.x", "SCANFLOW_OUTPUT_UNKNOWN", undefined],
])("the input %s: %s", (text, code, suggestion) => {
  const nodes = {
    split,
    log: { kind: "tracker" },
    ask: { kind: "approval" },
    fit: { run, inputs: { x: text } },
  };
  const document = {
    application: "a",
    main: "outer",
    workflows: {
      w: { inputs: ["data"], nodes },
      outer: { nodes: { get: split, in: { workflow: "w", inputs: { data: "get.train" } } } },
    },
  };
  expect(problemsOf(document)).toEqual([[code, "workflows.w.nodes.fit.inputs.x", suggestion]]);
});

test("references are checked wherever they stand", () => {
  const document = withNodes(
    {
      split,
      a: {
        run,
        inputs: { x: { first: ["split.train", "split.no"] } },
        after: ["splt", { node: "none", if: "failed" }],
      },
      b: { choice: [{ outputs: { x: "split.no" } }] },
    },
    { outputs: { x: "split.no" } },
  );
  expect(problemsOf(document).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_OUTPUT_UNKNOWN", "workflows.w.outputs.x"],
    ["SCANFLOW_OUTPUT_UNKNOWN", "workflows.w.nodes.a.inputs.x.first[1]"],
    ["SCANFLOW_NODE_UNKNOWN", "workflows.w.nodes.a.after[0]"],
    ["SCANFLOW_NODE_UNKNOWN", "workflows.w.nodes.a.after[1]"],
    ["SCANFLOW_OUTPUT_UNKNOWN", "workflows.w.nodes.b.choice[0].outputs.x"],
  ]);
});

test("a node of the workflow around is named as such", () => {
  const document = {
    application: "a",
    main: "outer",
    workflows: {
      inner: { nodes: { fit: { run, inputs: { x: "get.data" } } } },
      outer: { nodes: { get: { run, outputs: ["data"] }, in: { workflow: "inner" } } },
    },
  };
  const [problem] = problemsIn(document);
  expect(problem).toMatchObject({
    code: "SCANFLOW_NODE_UNKNOWN",
    place: { path: ["workflows", "inner", "nodes", "fit", "inputs", "x"] },
  });
  expect(problem?.message).toContain("workflow outer, which contains inner: hand get.data in as an input");
});

test("what refers to a node whose form is wrong is not reported as well", () => {
  const nodes = {
    split: { run, outputs: 3 },
    fit: { run, inputs: { x: "split.train" }, after: ["split"], when: "nodes.split.result.a > 1" },
  };
  expect(problemsOf(withNodes(nodes))).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.split.outputs", undefined],
  ]);
});

test("the verdict of a checker and the outputs of a nested workflow can be referred to", () => {
  const document = {
    application: "a",
    main: "outer",
    workflows: {
      inner: { nodes: { check: { kind: "checker", run } }, outputs: { drift: "check.verdict" } },
      outer: {
        nodes: { in: { workflow: "inner" }, show: { run, inputs: { ok: "in.drift", no: "in.verdict" } } },
      },
    },
  };
  expect(problemsOf(document)).toEqual([
    ["SCANFLOW_OUTPUT_UNKNOWN", "workflows.outer.nodes.show.inputs.no", undefined],
  ]);
});
