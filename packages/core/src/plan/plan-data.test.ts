import { expect, test } from "vitest";
import {
  application,
  choice,
  data,
  executor,
  first,
  formatDataName,
  nested,
  parseApplication,
  parseDataName,
  requireApplication,
  workflow,
} from "../definition/index.ts";
import { formatPath } from "../definition/problem.ts";
import { planText } from "../render/plan-text.ts";
import { dataOfPlan } from "./plan-data.ts";
import { planWorkflow } from "./plan-workflow.ts";

test.each(["digits", "digits@1", "a.b-c_d@1234567890", `${"a".repeat(100)}@7`])("%j names data", (text) => {
  const name = parseDataName(text);
  expect(name && formatDataName(name)).toBe(text);
});

test.each([
  "",
  "@1",
  "digits@",
  "digits@0",
  "digits@01",
  "digits@1@2",
  "../digits",
  ".d",
  "a b",
  "a".repeat(101),
])("%j names none, and the definition that says it is told where", (text) => {
  expect(parseDataName(text)).toBeUndefined();
  const nodes = { a: { run: "true", inputs: { raw: { data: text } } } };
  const parsed = parseApplication({ application: "a", workflows: { w: { nodes } } });
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems.map(({ code, place }) => [code, formatPath(place.path)])).toEqual([
    ["SCANFLOW_REFERENCE_INVALID", "workflows.w.nodes.a.inputs.raw.data"],
  ]);
});

test("the same data are written in TypeScript and as a document, in nodes and handed into a nested workflow", () => {
  const inner = workflow("inner", { inputs: ["table"] }, ({ inputs }) => {
    const fit = executor("fit", { run: "true", outputs: { model: { path: "m", optional: true } } });
    return {
      nodes: [fit, executor("use", { run: "true", inputs: { in: first(fit.outputs.model, inputs.table) } })],
    };
  });
  const main = workflow("main", {}, () => {
    const pick = choice("pick", [{ outputs: { model: data("spare@3") } }]);
    const nodes = [
      executor("read", { run: "true", inputs: { raw: data("digits@2"), again: data("digits@2") } }),
      nested("in", inner, { inputs: { table: data("table") } }),
      pick,
      executor("last", { run: "true", inputs: { model: pick.outputs.model } }),
    ];
    return { nodes };
  });
  const built = requireApplication(application("a", { workflows: [main, inner], main }));
  const node = { run: "true" };
  const document = {
    application: "a",
    main: "main",
    workflows: {
      main: {
        nodes: {
          read: { ...node, inputs: { raw: { data: "digits@2" }, again: { data: "digits@2" } } },
          in: { workflow: "inner", inputs: { table: { data: "table" } } },
          pick: { choice: [{ outputs: { model: { data: "spare@3" } } }] },
          last: { ...node, inputs: { model: "pick.model" } },
        },
      },
      inner: {
        inputs: ["table"],
        nodes: {
          fit: { ...node, outputs: { model: { path: "m", optional: true } } },
          use: { ...node, inputs: { in: { first: ["fit.model", "inputs.table"] } } },
        },
      },
    },
  };
  const plan = planWorkflow(built);
  expect(planWorkflow(requireApplication(document))).toEqual(plan);
  expect(dataOfPlan(plan).map(formatDataName)).toEqual(["digits@2", "table", "spare@3"]);
  expect(planText(plan)).toContain("raw ← data digits@2");
  expect(planText(plan)).toContain("in ← in/fit.model or data table (newest)");
});
