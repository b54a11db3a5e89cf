import type { Plan } from "../plan/plan.ts";
import { planWorkflow } from "../plan/plan-workflow.ts";
import {
  application,
  behind,
  checker,
  choice,
  executor,
  from,
  nested,
  output,
  tracker,
  when,
  workflow,
} from "../plan/written.test.support.ts";

const model = { outputs: { model: output("model") } };

/** A workflow with everything that is drawn in its own way: nested, tracked, mapped, chosen, approved. */
export const SAMPLE: Plan = planWorkflow(
  application([
    workflow("main", [
      executor("split", { outputs: { data: output("data") } }),
      nested("train", "models", { inputs: { data: from("split.data") } }),
      choice("pick", [
        {
          when: when("nodes.train.status == 'succeeded' and params.fast"),
          run: { kind: "first-of", nodes: ["small", "large"] },
          outputs: {},
        },
        { when: null, run: { kind: "sequence", nodes: ["slow", "slower"] }, outputs: {} },
      ]),
      executor("small", model),
      executor("large", model),
      nested("slow", "models", { inputs: { data: from("split.data") } }),
      executor("slower", {
        map: { kind: "over", over: { kind: "literal", value: [1, 2] }, concurrency: null },
        inputs: { model: from("slow.model") },
      }),
      checker("check", { after: [behind("train")], inputs: { model: from("train.model") } }),
      {
        kind: "approval",
        name: "release",
        description: "",
        when: null,
        after: [behind("check")],
        message: "Release?",
        inputs: {},
      },
    ]),
    workflow("models", [executor("fit", { inputs: { data: from("input:data") }, ...model })], {
      inputs: ["data"],
      outputs: { model: from("fit.model") },
      tracker: tracker("tracker-models", 8008),
    }),
  ]),
);
