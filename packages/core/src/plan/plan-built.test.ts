import { expect, test } from "vitest";
import {
  application,
  choice,
  executor,
  expression,
  first,
  firstOf,
  nested,
  requireApplication,
  service,
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
  const small = executor("small", {
    run: "small",
    inputs: { model: best.outputs.model },
    outputs: ["model"],
  });
  const tiny = executor("tiny", { run: "tiny", inputs: { model: best.outputs.model }, outputs: ["model"] });
  const size = choice("size", [
    {
      when: "device.memory < 4GiB",
      run: firstOf(small, tiny),
      outputs: { model: first(small.outputs.model, tiny.outputs.model) },
    },
    { outputs: { model: best.outputs.model } },
  ]);
  const serve = executor("serve", { run: "serve", inputs: { model: size.outputs.model } });
  return { nodes: [split, slow, fast, score, best, small, tiny, size, serve] };
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
    "size choice",
    "small executor",
    "tiny executor",
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
    "order score if succeeded",
    "value score if finished",
  ]);
  const serve = plan.tasks.at(-1);
  expect(serve && edges(serve)).toEqual([
    "order small if finished",
    "order tiny if finished",
    "data size if succeeded",
  ]);
});

test("services, placements and schedules are carried into the plan; schedules of nested workflows are not", () => {
  const serving = workflow("serving", { schedules: [{ cron: "0 0 * * *" }] }, () => ({
    nodes: [service("answer", { run: "serve", port: 8080, maxReplicas: 3, health: "/health" })],
  }));
  const both = workflow(
    "both",
    {
      params: { seed: 7 },
      schedules: [{ cron: "30  2 * * *", params: { seed: 8 } }],
      defaults: { placement: { labels: { disk: "ssd" } } },
    },
    () => ({ nodes: [nested("serve", serving), executor("train", { run: "train" })] }),
  );
  const plan = planWorkflow(requireApplication(application("app", { main: both })));
  expect(plan.schedules).toEqual([{ cron: "30 2 * * *", timezone: "UTC", params: { seed: 8 } }]);
  const placement = { labels: {}, tolerations: [], affinity: null, serviceAccount: null };
  expect(plan.tasks).toMatchObject([
    { id: "serve", kind: "entry" },
    {
      id: "serve/answer",
      service: { port: 8080, replicas: 1, maxReplicas: 3, health: "/health" },
      placement,
    },
    { id: "train", service: null, placement: { ...placement, labels: { disk: "ssd" } } },
  ]);
});
