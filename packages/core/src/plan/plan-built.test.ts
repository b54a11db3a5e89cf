import { expect, test } from "vitest";
import {
  application,
  choice,
  executor,
  expression,
  nested,
  requireApplication,
  tracker,
  workflow,
} from "../definition/index.ts";
import { planWorkflow } from "./plan-workflow.ts";
import { edges } from "./planned.test.support.ts";

const training = workflow("training", { inputs: ["data"], params: { rate: 0.1 } }, ({ inputs, params }) => {
  const fit = executor("fit", {
    run: "fit",
    inputs: { data: inputs.data },
    outputs: ["model"],
    params: { rate: params.rate },
  });
  return {
    nodes: [tracker("tracker-workflow3", { port: 8008 }), fit],
    outputs: { model: fit.outputs.model },
  };
});

const main = workflow("main", {}, () => {
  const split = executor("split", { run: "split", outputs: ["data"] });
  const slow = nested("slow", training, { inputs: { data: split.outputs.data }, params: { rate: 0.01 } });
  const fast = nested("fast", training, { inputs: { data: split.outputs.data } });
  const score = executor("score", { run: "score", inputs: { a: slow.outputs.model, b: fast.outputs.model } });
  const best = choice("best", [
    { when: expression`${score.metric("gain")} > 0`, outputs: { model: slow.outputs.model } },
    { outputs: { model: fast.outputs.model } },
  ]);
  const serve = executor("serve", { run: "serve", inputs: { model: best.outputs.model } });
  return { nodes: [split, slow, fast, score, best, serve] };
});

test("what the builders make is planned from end to end", () => {
  const plan = planWorkflow(requireApplication(application("app", { main })));
  expect(plan.tasks.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    "split executor",
    "slow entry",
    "slow/fit executor",
    "fast entry",
    "fast/fit executor",
    "score executor",
    "best choice",
    "serve executor",
  ]);
  expect(plan.trackers.map(({ id, port }) => [id, port])).toEqual([
    ["", null],
    ["slow/tracker-workflow3", 8008],
    ["fast/tracker-workflow3", 8008],
  ]);
  const [, , slowFit, , fastFit, , best] = plan.tasks;
  expect(slowFit).toMatchObject({ params: { rate: { kind: "literal", value: 0.01 } } });
  expect(fastFit).toMatchObject({ params: { rate: { kind: "literal", value: 0.1 } } });
  expect(best && edges(best)).toEqual([
    "data slow/fit if succeeded in outputs.model",
    "data fast/fit if succeeded in outputs.model",
    "value score if finished",
  ]);
});
