import { expect, test } from "vitest";
import { requireApplication } from "../definition/index.ts";
import { planWorkflow } from "../plan/plan-workflow.ts";
import { application, executor, workflow } from "../plan/written.test.support.ts";
import { planText } from "./plan-text.ts";
import { SAMPLE } from "./sample.test.support.ts";

test("a plan is a tree of its nodes with their kinds, inputs, branches and what they wait for", () => {
  expect(planText(SAMPLE)).toBe(`\
main        workflow
├─ split    executor
├─ train    workflow          models, tracked by tracker-models :8008
│  └─ fit   executor          data ← split.data
├─ pick     choice
│                             tasks.train.status == "succeeded" and params.fast: small, or else large
│                             otherwise: slow, then slower
├─ small    executor
├─ large    executor          after small if it failed
├─ slow     workflow          models, tracked by tracker-models :8008
│  └─ fit   executor          data ← split.data
├─ slower   executor × items  model ← slow/fit.model, for 1, 2, after slow
├─ check    checker           model ← train/fit.model, after train
└─ release  approval          after check
`);
});

const folds = Array.from({ length: 50 }, (_, at) => ({ fold: at }));

test.each([
  [["Turin", "Ghent"], "for Turin, Ghent"],
  [folds, "for fold=0, fold=1, fold=2, fold=3, fold=4, fold=5, fold=6, … (50 items)"],
  [["x".repeat(90)], `for ${"x".repeat(29)}…`],
  [[], "for no item"],
])("of a map over a written list it says what for: %#", (value, text) => {
  const map = { kind: "over", over: { kind: "literal", value }, concurrency: null } as const;
  const plan = planWorkflow(application([workflow("main", [executor("fit", { map })])]));
  expect(planText(plan).trimEnd().split("  ").at(-1)).toBe(text);
});

test("a service says where it answers and how many of it there are", () => {
  const nodes = {
    plain: { kind: "service", run: "x" },
    all: { kind: "service", run: "x", port: 8080, replicas: 2, maxReplicas: 4, health: "/health" },
  };
  const plan = planWorkflow(requireApplication({ application: "a", workflows: { w: { nodes } } }));
  expect(planText(plan)).toBe(`\
w         workflow
├─ plain  service
└─ all    service   port 8080, 2 to 4 replicas, healthy at /health
`);
});
