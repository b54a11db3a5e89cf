import { expect, test } from "vitest";
import { problemsIn, problemsOf, withNodes } from "./testing/problems-of.ts";

const run = "true";

function problemOf(node: object): readonly (string | undefined)[] {
  const [problem] = problemsIn(withNodes({ n: { run, ...node } }));
  return [problem?.place.path.slice(4).join("."), problem?.message.split(",")[0], problem?.suggestion];
}

test.each([
  [{ run: { modul: "a.ts" } }, "run.modul", 'unknown key "modul"; the keys here are module', "module"],
  [
    { environment: { pyhton: {} } },
    "environment.pyhton",
    'unknown key "pyhton"; the keys here are python',
    "python",
  ],
  [{ environment: "hots" }, "environment", 'expected "host"', undefined],
  [
    { environment: { python: { version: 3.1 } } },
    "environment.python.version",
    "expected a version in quotes",
    undefined,
  ],
  [{ retry: { limit: "x" } }, "retry.limit", "expected a number", undefined],
  [{ outputs: { x: { type: "cvs" } } }, "outputs.x.type", "expected any", "csv"],
  [{ timeout: "10 min" }, "timeout", "expected a duration: milliseconds as a number", undefined],
  [{ run: "" }, "run", "must not be empty", undefined],
  [{ run: [] }, "run", "must not be empty", undefined],
  [
    { map: { over: [1], concurency: 1 } },
    "map.concurency",
    'unknown key "concurency"; the keys here are over',
    "concurrency",
  ],
  [{ after: [{ node: "n", if: "done" }] }, "after.0.if", "expected succeeded", undefined],
  [{ inputs: { x: { fil: "a" } } }, "inputs.x.fil", 'unknown key "fil"; the keys here are file', "file"],
])(
  "of the forms that a value may have, the one that was meant is told: %j",
  (node, path, message, suggestion) => {
    expect(problemOf(node)).toEqual([path, message, suggestion]);
  },
);

test("one wrong key does not hide what is wrong elsewhere in the node", () => {
  const node = { run: "x {{params.lr}}", descripton: "x", retry: "many", inputs: { x: "none.y" } };
  expect(problemsOf(withNodes({ n: node })).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n.retry"],
    ["SCANFLOW_KEY_UNKNOWN", "workflows.w.nodes.n.descripton"],
    ["SCANFLOW_NODE_UNKNOWN", "workflows.w.nodes.n.inputs.x"],
    ["SCANFLOW_TEMPLATE_UNKNOWN", "workflows.w.nodes.n.run"],
  ]);
});

test("the kind of a node is told by run, workflow or choice, or must be named", () => {
  expect(problemsOf(withNodes({ n: { message: "Well?" } }))).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n", undefined],
  ]);
  expect(problemsOf(withNodes({ n: { kind: "aproval" } }))).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n.kind", "approval"],
  ]);
  expect(problemsOf(withNodes({ n: null, m: "x", o: [] })).map(([, path]) => path)).toEqual(
    ["n", "m", "o"].map((name) => `workflows.w.nodes.${name}`),
  );
});

test("lists of nodes and workflows need names", () => {
  expect(
    problemsOf({ application: "a", workflows: [{ nodes: [{ run }] }, { name: "w", nodes: [{ run }, 3] }] }),
  ).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows[0]", undefined],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows[1].nodes[0]", undefined],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows[1].nodes[1]", undefined],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows[1].nodes", undefined],
  ]);
});
