import { expect, test } from "vitest";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";
const models = { a: { run, outputs: ["model"] }, b: { run, outputs: ["model"] } };

test("a choice picks among what ran before, by text or by branches", () => {
  const nodes = {
    ...models,
    best: {
      choice: [
        { when: "nodes.a.result.x > nodes.b.result.x", outputs: { model: "a.model" } },
        { outputs: { model: "b.model" } },
      ],
    },
    machine: { choice: "if device is typeA run c, elif typeB run d or e, else f then g" },
    ...Object.fromEntries([..."cdefg"].map((name) => [name, { run }])),
    use: { run, inputs: { model: "best.model" } },
  };
  expect(problemsOf(withNodes(nodes))).toEqual([]);
});

test("a node is run by one branch alone", () => {
  const nodes = {
    ...models,
    one: { choice: "if device is x run a, else b" },
    two: { choice: [{ when: "true", run: "a" }, { run: { firstOf: ["c"] } }] },
    three: { choice: "if device is x run d, else d" },
    c: { run },
    d: { run },
  };
  expect(problemsOf(withNodes(nodes)).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.two.choice[0].run"],
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.three.choice[1].run"],
  ]);
});

test("unknown nodes, a tracker and the choice itself cannot be run", () => {
  const nodes = {
    ...models,
    log: { kind: "tracker" },
    pick: { choice: [{ when: "true", run: ["aa", "log"] }, { run: "pick" }] },
  };
  expect(problemsOf(withNodes(nodes)).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_CYCLE", "workflows.w.nodes.pick"],
    ["SCANFLOW_NODE_UNKNOWN", "workflows.w.nodes.pick.choice[0].run"],
    ["SCANFLOW_TRACKER_INVALID", "workflows.w.nodes.pick.choice[0].run"],
  ]);
});

test("branches have the same outputs", () => {
  const nodes = {
    ...models,
    c: { run, outputs: ["model"] },
    pick: {
      choice: [
        { outputs: { model: "a.model" } },
        { when: "true", run: "c", outputs: { modl: "c.model" } },
        { when: "false" },
      ],
    },
  };
  expect(problemsOf(withNodes(nodes))).toEqual([
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.pick.choice[0]", undefined],
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.pick.choice[0].outputs", "modl"],
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.pick.choice[1].outputs", "model"],
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.pick.choice[2]", undefined],
  ]);
});

test("a branch gives what it runs, also the first of several, but not what only another branch runs", () => {
  const nodes = {
    ...models,
    c: { run, outputs: ["model"] },
    known: { run, outputs: ["model"] },
    pick: {
      choice: [
        { when: "true", run: { firstOf: ["a", "b"] }, outputs: { model: { first: ["a.model", "b.model"] } } },
        { when: "false", run: "c", outputs: { model: "c.model" } },
        { when: "false", outputs: { model: { file: "model.onnx" } } },
        { outputs: { model: { first: ["known.model", "c.model"] } } },
      ],
    },
    use: { run, inputs: { model: "pick.model" } },
  };
  expect(problemsOf(withNodes(nodes))).toEqual([
    ["SCANFLOW_CHOICE_INVALID", "workflows.w.nodes.pick.choice[3].outputs.model.first[1]", undefined],
  ]);
});

test("what a branch gives is there", () => {
  const nodes = {
    ...models,
    pick: {
      choice: [
        { when: "true", run: "a", outputs: { model: { first: ["a.modl", "aa.model"] } } },
        { outputs: { model: "inputs.known" } },
      ],
    },
  };
  expect(problemsOf(withNodes(nodes))).toEqual([
    ["SCANFLOW_OUTPUT_UNKNOWN", "workflows.w.nodes.pick.choice[0].outputs.model.first[0]", "a.model"],
    ["SCANFLOW_NODE_UNKNOWN", "workflows.w.nodes.pick.choice[0].outputs.model.first[1]", "a.model"],
    ["SCANFLOW_INPUT_UNKNOWN", "workflows.w.nodes.pick.choice[1].outputs.model", undefined],
  ]);
});

test("text that is no choice is one problem", () => {
  expect(problemsOf(withNodes({ pick: { choice: "when device is x run a" } }))).toEqual([
    ["SCANFLOW_EXPRESSION_SYNTAX", "workflows.w.nodes.pick.choice", undefined],
  ]);
});

test("what takes each other's place is of one type", () => {
  const table = { run, outputs: { x: { type: "csv" }, y: { type: "csv" }, z: "z" } };
  const model = { run, outputs: { x: { type: "model" } } };
  const nodes = {
    table,
    model,
    many: { ...table, map: { over: [1] } },
    fine: { run, inputs: { a: { first: ["table.x", "table.y", "table.z"] } } },
    wrong: {
      run,
      inputs: { a: { first: ["table.x", "table.z", "model.x"] }, b: { first: ["table.x", "many.x"] } },
    },
    pick: { choice: [{ when: "true", outputs: { o: "table.x" } }, { outputs: { o: "model.x" } }] },
  };
  expect(problemsOf(withNodes(nodes)).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_TYPE_MISMATCH", "workflows.w.nodes.wrong.inputs.a"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.w.nodes.wrong.inputs.b"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.w.nodes.pick.choice"],
  ]);
});
