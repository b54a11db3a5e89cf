import { expect, test } from "vitest";
import { problemsIn, problemsOf } from "../testing/problems-of.ts";

const run = "true";

function application(workflows: object, main = "outer"): object {
  return { application: "a", main, workflows };
}

test("a nested workflow is given all that it needs, and nothing else", () => {
  const inner = {
    inputs: ["data", "labels"],
    params: { rate: 0.1, epochs: { type: "integer", min: 1 } },
    nodes: { fit: { run, inputs: { a: "inputs.data", b: "inputs.labels" } } },
  };
  const node = {
    workflow: "inner",
    inputs: { dat: { file: "f" }, labels: { file: "f" } },
    params: { rat: 1 },
  };
  expect(problemsOf(application({ inner, outer: { nodes: { node } } }))).toEqual([
    ["SCANFLOW_INPUT_UNKNOWN", "workflows.outer.nodes.node.inputs.dat", "data"],
    ["SCANFLOW_INPUT_MISSING", "workflows.outer.nodes.node", undefined],
    ["SCANFLOW_PARAM_UNKNOWN", "workflows.outer.nodes.node.params.rat", "rate"],
    ["SCANFLOW_PARAM_MISSING", "workflows.outer.nodes.node", undefined],
  ]);
});

test("what is bound to a parameter is of its type", () => {
  const inner = {
    params: {
      rate: { type: "number", default: 1, max: 2 },
      name: { type: "string", choices: ["a", "b"], default: "a" },
      list: [1],
    },
    nodes: { fit: { run } },
  };
  const nodes = {
    a: { workflow: "inner", params: { rate: 3, name: "c", list: {} } },
    b: {
      workflow: "inner",
      params: {
        rate: { expression: "'x'" },
        name: { expression: "1 + 1" },
        list: { expression: "nodes.a.result.list" },
      },
    },
  };
  expect(problemsOf(application({ inner, outer: { nodes } })).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_TYPE_MISMATCH", "workflows.outer.nodes.a.params.rate"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.outer.nodes.a.params.name"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.outer.nodes.a.params.list"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.outer.nodes.b.params.rate"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.outer.nodes.b.params.name"],
  ]);
});

test("an unknown workflow gets the nearest name", () => {
  const workflows = { training: { nodes: { n: { run } } }, outer: { nodes: { t: { workflow: "trainin" } } } };
  expect(problemsOf(application(workflows))).toEqual([
    ["SCANFLOW_WORKFLOW_UNKNOWN", "workflows.outer.nodes.t.workflow", "training"],
  ]);
  expect(problemsOf(application(workflows, "oter"))).toContainEqual([
    "SCANFLOW_WORKFLOW_UNKNOWN",
    "main",
    "outer",
  ]);
});

test("workflows that contain themselves are shown as a chain", () => {
  const workflows = {
    a: { nodes: { x: { workflow: "b" } } },
    b: { nodes: { x: { workflow: "c" } } },
    c: { nodes: { x: { workflow: "a" } } },
    d: { nodes: { x: { workflow: "d" } } },
    e: { nodes: { x: { workflow: "a" } } },
  };
  const problems = problemsIn(application(workflows, "e"));
  expect(problems.map(({ code, message }) => [code, /: ([^;]*);/.exec(message)?.[1]])).toEqual([
    ["SCANFLOW_NESTING_RECURSIVE", "a contains b contains c contains a"],
    ["SCANFLOW_NESTING_RECURSIVE", "d contains d"],
  ]);
});

test("nesting that would make an enormous or endlessly deep plan is refused", () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [
      `w${level}`,
      {
        nodes:
          level === 39
            ? { n: { run } }
            : { a: { workflow: `w${level + 1}` }, b: { workflow: `w${level + 1}` } },
      },
    ]),
  );
  expect(problemsOf(application(doubling, "w0")).map(([code]) => code)).toEqual([
    "SCANFLOW_DOCUMENT_TOO_LARGE",
  ]);
  const deep = Object.fromEntries(
    Array.from({ length: 5000 }, (_, level) => [
      `w${level}`,
      { nodes: level === 4999 ? { n: { run } } : { a: { workflow: `w${level + 1}` } } },
    ]),
  );
  expect(problemsOf(application(deep, "w0")).map(([code]) => code)).toEqual(["SCANFLOW_DOCUMENT_TOO_LARGE"]);
});

test("the main workflow is named where there are several, and needs no input", () => {
  const one = { nodes: { n: { run } } };
  expect(problemsOf({ application: "a", workflows: { one, two: one } })).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "", undefined],
  ]);
  expect(problemsOf({ application: "a", workflows: {} })).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows", undefined],
  ]);
  expect(problemsOf({ application: "a", workflows: { one: { nodes: {} } } })).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.one.nodes", undefined],
  ]);
  expect(problemsOf({ application: "a", workflows: { one: { ...one, inputs: ["x"] } } })).toEqual([
    ["SCANFLOW_INPUT_MISSING", "workflows.one.inputs", undefined],
  ]);
});
