import { expect, test } from "vitest";
import type { ExecutorNode } from "../definition.ts";
import { parseApplication } from "../parse-application.ts";
import { formatPath } from "../problem.ts";
import type { Project, ProjectParam } from "../project.ts";
import { withNodes } from "../testing/problems-of.ts";

const param = (given: Partial<ProjectParam>): ProjectParam => ({
  type: "string",
  choices: null,
  min: null,
  max: null,
  description: "",
  path: false,
  ...given,
});

const training: Project = {
  entries: {
    main: {
      command: ["python train.py ", { param: "data" }, " --rate=", { param: "rate" }, " ", { param: "out" }],
      params: {
        data: param({ path: true, default: "./x.csv" }),
        rate: param({ type: "number" }),
        out: param({ default: "model" }),
      },
    },
  },
  environment: { python: { packages: ["six"] } },
  env: { A: "1", B: "1" },
  secrets: ["KEY"],
};

const projects = (path: string) => (["./my training/", "-t"].includes(path) ? training : undefined);

/** The node `fit` of a workflow that has nothing else but a step before it. */
function nodeOf(fit: object): ExecutorNode {
  const before = { run: "true", outputs: ["table"] };
  const parsed = parseApplication(withNodes({ before, fit }), { projects });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  const node = parsed.application.workflows[0]?.nodes[1];
  if (node?.kind !== "executor") throw new Error("the node is no executor");
  return node;
}

function problemsOf(fit: object, given: typeof projects | null = projects) {
  const parsed = parseApplication(withNodes({ fit }), given ? { projects: given } : {});
  const problems = parsed.ok ? [] : parsed.problems;
  return problems.map(({ code, place, suggestion }) => [code, formatPath(place.path), suggestion]);
}

const run = { project: "./my training/" };

test("an entry point becomes an executor like any other, in the project's folder", () => {
  const node = nodeOf({ run, params: { rate: 0.5 }, env: { B: "2" } });
  expect(node).toMatchObject({
    kind: "executor",
    run: {
      kind: "command",
      command: "cd 'my training' && python train.py {{inputs.data}} --rate={{params.rate}} {{params.out}}",
    },
    code: ["my training"],
    inputs: { data: { kind: "file", path: "my training/x.csv" } },
    params: { rate: { kind: "literal", value: 0.5 }, out: { kind: "literal", value: "model" } },
    environment: { kind: "python", packages: ["six"] },
    env: { A: "1", B: "2" },
    secrets: ["KEY"],
  });
});

test("a folder whose name begins like an option is gone into", () => {
  const { run, code } = nodeOf({ run: { project: "-t" }, params: { rate: 1 } });
  expect([run, code]).toMatchObject([{ command: expect.stringMatching(/^cd \.\/-t && /) }, ["-t"]]);
});

test("a parameter may be an artifact that comes in, one that goes out, or a computed value", () => {
  const node = nodeOf({
    run,
    inputs: { data: "before.table" },
    outputs: { out: "model.json" },
    params: { rate: { expression: "1 / 2" } },
    environment: "host",
    code: "my training/*.py",
  });
  expect(node).toMatchObject({
    run: {
      command: "cd 'my training' && python train.py {{inputs.data}} --rate={{params.rate}} {{outputs.out}}",
    },
    code: ["my training/*.py"],
    inputs: { data: { kind: "output", node: "before", output: "table" } },
    params: { rate: { kind: "expression" } },
    environment: { kind: "host" },
  });
});

test("a path that is given is relative to the config's folder; an absolute one stays text", () => {
  expect(nodeOf({ run, params: { rate: 1, data: "./data//y.csv" } }).inputs).toEqual({
    data: { kind: "file", path: "data/y.csv" },
  });
  const absolute = nodeOf({ run, params: { rate: 1, data: "/data/y.csv" } });
  expect([absolute.inputs, absolute.params.data]).toEqual([{}, { kind: "literal", value: "/data/y.csv" }]);
});

test("text is what a text parameter takes of a number", () => {
  expect(nodeOf({ run, params: { rate: 1, out: 5 } }).params.out).toEqual({ kind: "literal", value: "5" });
});

test("what does not fit is reported where it is written, with the nearest name", () => {
  const node = "workflows.w.nodes.fit";
  expect(problemsOf({ run })).toEqual([["SCANFLOW_PARAM_MISSING", node, undefined]]);
  expect(problemsOf({ run, params: { rat: 1, rate: "x" } })).toEqual([
    ["SCANFLOW_PARAM_UNKNOWN", `${node}.params.rat`, "rate"],
    ["SCANFLOW_TYPE_MISMATCH", `${node}.params.rate`, undefined],
  ]);
  expect(problemsOf({ run, params: { rate: 1, out: "x" }, outputs: ["out"] })).toEqual([
    ["SCANFLOW_NAME_DUPLICATE", `${node}.params.out`, undefined],
  ]);
  expect(problemsOf({ run: { ...run, entry: "mian" } })).toEqual([
    ["SCANFLOW_PROJECT_ENTRY", `${node}.run.entry`, "main"],
  ]);
  expect(problemsOf({ run: { project: "other" } })).toEqual([
    ["SCANFLOW_PROJECT_MISSING", `${node}.run.project`, undefined],
  ]);
  expect(problemsOf({ run }, null)).toEqual([["SCANFLOW_PROJECT_MISSING", `${node}.run.project`, undefined]]);
});

test("what is wrong with a project is told once, however many nodes are made from it", () => {
  const problem = {
    code: "SCANFLOW_KEY_UNKNOWN" as const,
    message: "no",
    place: { file: "MLproject", path: ["x"] },
  };
  const parsed = parseApplication(withNodes({ a: { run }, b: { run }, c: { run: "true", after: ["a"] } }), {
    projects: () => ({ problems: [problem] }),
  });
  expect(parsed).toEqual({ ok: false, problems: [problem] });
});
