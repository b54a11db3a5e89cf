import { expect, test } from "vitest";
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
├─ slower   executor × items  model ← slow/fit.model, after slow
├─ check    checker           model ← train/fit.model, after train
└─ release  approval          after check
`);
});
