import { expect, test } from "vitest";
import { parseApplication } from "../parse-application.ts";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";

test.each([
  ["../x", true],
  ["a/../../x", true],
  ["a/../x", true],
  ["/etc/passwd", true],
  ["C:/x", true],
  ["a\\b", true],
  [".", true],
  ["a\u0000b", true],
  ["./model.onnx", false],
  ["a/b..c/d", false],
])("the output path %j is refused: %s", (path, refused) => {
  const problems = problemsOf(withNodes({ n: { run, outputs: { x: path } } }));
  expect(problems).toEqual(
    refused ? [["SCANFLOW_OUTPUT_PATH", "workflows.w.nodes.n.outputs.x", undefined]] : [],
  );
});

test("two outputs do not lie at one place, nor one in the other", () => {
  const outputs = { a: "x", b: "./x", c: "y/z", d: "y", e: "yy" };
  expect(problemsOf(withNodes({ n: { run, outputs } })).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_OUTPUT_PATH", "workflows.w.nodes.n.outputs.b"],
    ["SCANFLOW_OUTPUT_PATH", "workflows.w.nodes.n.outputs.d"],
  ]);
});

test("models have names that a registry takes, and a verdict is JSON", () => {
  const nodes = {
    n: { run, outputs: { a: { register: "my model" }, b: { register: "a/b" }, c: { register: "" } } },
    c: { kind: "checker", run, outputs: { verdict: { type: "csv" } } },
  };
  expect(problemsOf(withNodes(nodes)).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_NAME_ILLEGAL", "workflows.w.nodes.n.outputs.b.register"],
    ["SCANFLOW_NAME_ILLEGAL", "workflows.w.nodes.n.outputs.c.register"],
    ["SCANFLOW_TYPE_MISMATCH", "workflows.w.nodes.c.outputs.verdict.type"],
  ]);
});

test("resources, retries and durations that cannot be are refused", () => {
  const node = (settings: object) => ({ run, ...settings });
  const nodes = {
    a: node({ resources: { cpu: 0, memory: -1, gpu: 0.5, storage: "2 GB" } }),
    b: node({ resources: { cpu: -2, memory: "1.5GiB", gpu: 1 } }),
    c: node({ retry: -1 }),
    d: node({ retry: { limit: 1.5, factor: 0.5, jitter: 2, delay: "fast" } }),
    e: node({ timeout: "10 minutes" }),
    f: node({ timeout: { run: "100d", start: null } }),
    g: node({ map: { over: [1], concurrency: 0 } }),
    h: { kind: "service", run, port: 70_000, replicas: 0 },
  };
  expect(
    problemsOf(withNodes(nodes)).map(([code, path]) => [code, path?.replace("workflows.w.nodes.", "")]),
  ).toEqual(
    [
      "a.resources.cpu",
      "a.resources.memory",
      "a.resources.gpu",
      "a.resources.storage",
      "b.resources.cpu",
      "c.retry",
      "d.retry.limit",
      "d.retry.delay",
      "d.retry.factor",
      "d.retry.jitter",
      "e.timeout",
      "f.timeout.run",
      "g.map.concurrency",
      "h.port",
      "h.replicas",
    ].map((path) => ["SCANFLOW_DOCUMENT_INVALID", path]),
  );
});

test("infinite and missing numbers are refused", () => {
  for (const cpu of [Number.POSITIVE_INFINITY, Number.NaN]) {
    expect(problemsOf(withNodes({ n: { run, resources: { cpu } } }))).toEqual([
      ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n.resources.cpu", undefined],
    ]);
  }
});

test("a port is used once in an application, and a workflow has one tracker", () => {
  const document = {
    application: "a",
    tracker: { port: 5000 },
    main: "w",
    workflows: {
      w: {
        nodes: {
          t: { kind: "tracker", port: 5000 },
          u: { kind: "tracker" },
          s: { kind: "service", run, port: 8080 },
        },
      },
      v: { nodes: { s: { kind: "service", run, port: 8080 } } },
    },
  };
  expect(problemsOf(document).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_PORT_TAKEN", "workflows.w.nodes.t.port"],
    ["SCANFLOW_TRACKER_INVALID", "workflows.w.nodes.u"],
    ["SCANFLOW_PORT_TAKEN", "workflows.v.nodes.s.port"],
  ]);
});

test("braces in a command name what the node has", () => {
  const node = (command: string | string[]) => ({
    run: command,
    inputs: { data: { file: "f" } },
    outputs: ["model"],
    params: { seed: 1, config: { a: 1 } },
  });
  const nodes = {
    fine: node(
      "x {{inputs.data}} {{ outputs.model }} {{params.seed}} {{params.config.a}} {{.Names}} {{ jinja }} $x",
    ),
    each: { ...node("{{item}} {{item.a}}"), map: { over: [1] } },
    wrong: node(["x", "{{inputs.dta}}", "{{params.lr}} {{output.model}}", "{{item}}"]),
  };
  expect(problemsOf(withNodes(nodes))).toEqual([
    ["SCANFLOW_TEMPLATE_UNKNOWN", "workflows.w.nodes.wrong.run[1]", "{{inputs.data}}"],
    ["SCANFLOW_TEMPLATE_UNKNOWN", "workflows.w.nodes.wrong.run[2]", undefined],
    ["SCANFLOW_TEMPLATE_UNKNOWN", "workflows.w.nodes.wrong.run[2]", "{{outputs.model}}"],
    ["SCANFLOW_TEMPLATE_UNKNOWN", "workflows.w.nodes.wrong.run[3]", undefined],
  ]);
});

test("maps go over as many items as can be held", () => {
  const numbers = Array.from({ length: 400 }, (_, index) => index);
  const nodes = {
    a: { run, map: { sweep: { x: numbers, y: numbers, z: numbers } } },
    b: { run, map: { sweep: {} } },
    c: { run, map: { sweep: { x: [] } } },
    d: { run, map: { over: 3 } },
    e: { run, map: { over: [] } },
  };
  expect(problemsOf(withNodes(nodes)).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.c.map.sweep.x"],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.d.map.over"],
    ["SCANFLOW_MAP_INVALID", "workflows.w.nodes.a.map"],
    ["SCANFLOW_MAP_INVALID", "workflows.w.nodes.b.map"],
  ]);
});

test("parameters of a workflow agree with themselves", () => {
  const params = {
    a: { type: "integer", default: 1.5 },
    b: { type: "number", min: 2, max: 1 },
    c: { type: "string", min: 2, choices: ["x", 3], default: "y" },
    d: { type: "integer", choices: [1, 2], default: 3 },
    e: { type: "list", default: {} },
    f: { type: "object", default: { a: 1 } },
    g: { default: 1 },
    h: null,
  };
  expect(problemsOf(withNodes({ n: { run } }, { params })).map(([code, path]) => [code, path])).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.params.g.type"],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.params.h"],
  ]);
  const { g: _, h: __, ...formed } = params;
  expect(
    problemsOf(withNodes({ n: { run } }, { params: formed })).map(([code, path]) => [code, path]),
  ).toEqual(
    ["a.default", "b.min", "c.min", "c.choices[1]", "c.default", "d.default", "e.default"].map((path) => [
      "SCANFLOW_TYPE_MISMATCH",
      `workflows.w.params.${path}`,
    ]),
  );
});

test("what nothing uses is a hint, not a problem", () => {
  const document = {
    application: "a",
    main: "outer",
    workflows: {
      outer: {
        params: { seed: 1, used: 2 },
        nodes: {
          n: { workflow: "inner", inputs: { a: { file: "f" }, b: { file: "f" } }, when: "params.used > 1" },
        },
      },
      inner: { inputs: ["a", "b"], nodes: { n: { run, inputs: { x: "inputs.a" } } } },
    },
  };
  const parsed = parseApplication(document);
  expect(parsed.ok && parsed.warnings.map(({ code, place }) => [code, place.path.join(".")])).toEqual([
    ["SCANFLOW_UNUSED", "workflows.outer.params.seed"],
    ["SCANFLOW_UNUSED", "workflows.inner.inputs.1"],
  ]);
});
