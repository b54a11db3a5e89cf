import {
  application,
  approval,
  choice,
  executor,
  file,
  first,
  firstOf,
  nested,
  planWorkflow,
  requireApplication,
  type WorkflowHandle,
  workflow,
} from "@scanflow/core";
import { describe, expect, test } from "vitest";
import { run as runPlan, type Told } from "./told-run.test.support.ts";

function run(main: WorkflowHandle, told: Told = {}) {
  return runPlan(planWorkflow(requireApplication(application("app", { main }))), told);
}

const outputs = ["model"] as const;
const optional = { model: { optional: true } } as const;

describe("who takes an output of a choice", () => {
  /** What is not taken hangs on `prepare`. */
  function main(settings: { allowFailure?: boolean; when?: string } = {}) {
    return workflow("main", {}, () => {
      const prepare = executor("prepare", { run: "true" });
      const small = executor("small", { run: "true", outputs: optional, ...settings });
      const large = executor("large", { run: "true", outputs, after: [prepare] });
      const pick = choice("pick", [
        { when: "device is typeA", run: small, outputs: { model: small.outputs.model } },
        { run: large, outputs: { model: large.outputs.model } },
      ]);
      const use = executor("use", { run: "true", inputs: { model: pick.outputs.model } });
      const join = executor("join", {
        run: "true",
        inputs: { model: first(pick.outputs.model, large.outputs.model) },
      });
      const follow = executor("follow", { run: "true", after: [use] });
      return { nodes: [prepare, small, large, pick, use, join, follow] };
    });
  }

  test("gets what the branch that was taken names, after it was made", () => {
    const { statuses, scheduler } = run(main());
    expect(statuses).toMatchObject({
      small: "succeeded",
      large: "skipped",
      use: "succeeded",
      join: "succeeded",
    });
    expect(scheduler.attemptInputs("use").inputs.model).toMatchObject({ digest: "sha256:small" });
  });

  test.each<[string, ReturnType<typeof main>, Told, string]>([
    ["its target failed", main(), { fail: ["small"] }, "upstream-failed"],
    ["its target failed where it may", main({ allowFailure: true }), { fail: ["small"] }, "skipped"],
    ["its target was skipped", main({ when: "false" }), {}, "skipped"],
    ["its target did not write what is optional", main(), { empty: ["small"] }, "skipped"],
    ["a target that was not taken stands behind a failure", main(), { fail: ["prepare"] }, "succeeded"],
  ])("when %s", (_, definition, told, status) => {
    const { statuses } = run(definition, told);
    expect(statuses.use).toBe(status);
    expect(statuses.join).toBe(status);
    expect(statuses.follow).toBe(status === "upstream-failed" ? status : "succeeded");
  });

  test("needs none of it when another alternative was made", () => {
    const definition = workflow("main", {}, () => {
      const small = executor("small", { run: "true", outputs });
      const spare = executor("spare", { run: "true", outputs });
      const pick = choice("pick", [{ run: small, outputs: { model: small.outputs.model } }]);
      const model = first(pick.outputs.model, spare.outputs.model);
      return { nodes: [small, spare, pick, executor("use", { run: "true", inputs: { model } })] };
    });
    const { statuses, scheduler } = run(definition, { fail: ["small"] });
    expect(statuses.use).toBe("succeeded");
    expect(scheduler.attemptInputs("use").inputs.model).toMatchObject({ digest: "sha256:spare" });
    expect(run(definition, { fail: ["small", "spare"] }).statuses.use).toBe("upstream-failed");
  });

  test("is skipped when no branch was taken", () => {
    const definition = workflow("main", {}, () => {
      const small = executor("small", { run: "true", outputs });
      const pick = choice("pick", [{ when: "false", run: small, outputs: { model: small.outputs.model } }]);
      return {
        nodes: [small, pick, executor("use", { run: "true", inputs: { model: pick.outputs.model } })],
      };
    });
    expect(run(definition).statuses).toEqual({ small: "skipped", pick: "succeeded", use: "skipped" });
  });

  test("fails behind what ran before the choice and failed, if that was chosen", () => {
    const definition = workflow("main", { params: { a: true } }, ({ params }) => {
      const a = executor("a", { run: "true", outputs });
      const b = executor("b", { run: "true", outputs });
      const pick = choice("pick", [
        { when: params.a, outputs: { model: a.outputs.model } },
        { outputs: { model: b.outputs.model } },
      ]);
      return { nodes: [a, b, pick, executor("use", { run: "true", inputs: { model: pick.outputs.model } })] };
    });
    expect(run(definition, { fail: ["a"], params: { a: true } }).statuses.use).toBe("upstream-failed");
    expect(run(definition, { fail: ["a"], params: { a: false } }).statuses.use).toBe("succeeded");
  });

  test("in a map, of each item: a failure spoils the whole, a skip leaves one out", () => {
    const each = workflow("each", { params: { x: 1 } }, ({ params }) => {
      const low = executor("low", { run: "true", outputs });
      const high = executor("high", { run: "true", outputs, allowFailure: true });
      const pick = choice("pick", [
        { when: `params.x < 2`, run: low, outputs: { model: low.outputs.model } },
        { run: high, outputs: { model: high.outputs.model } },
      ]);
      const use = executor("use", {
        run: "true",
        inputs: { model: pick.outputs.model },
        params: { x: params.x },
      });
      return { nodes: [low, high, pick, use], outputs: { model: pick.outputs.model } };
    });
    const definition = workflow("main", {}, () => {
      const all = nested("all", each, {
        map: { sweep: { x: [1, 2] } },
        params: { x: { expression: "item.x" } },
      });
      return { nodes: [all, executor("gather", { run: "true", inputs: { models: all.outputs.model } })] };
    });
    const { scheduler } = run(definition);
    expect(scheduler.attemptInputs("gather").inputs.models).toMatchObject({
      entries: { "0": { digest: "sha256:all[0]/low" }, "1": { digest: "sha256:all[1]/high" } },
    });
    const spoilt = run(definition, { fail: ["all[0]/low"] });
    expect(spoilt.statuses).toMatchObject({
      "all[0]/use": "upstream-failed",
      "all[1]/use": "succeeded",
      gather: "upstream-failed",
    });
    const partial = run(definition, { fail: ["all[1]/high"] });
    expect(partial.statuses).toMatchObject({ "all[1]/use": "skipped", gather: "succeeded" });
    expect(partial.scheduler.attemptInputs("gather").inputs.models).toEqual({
      kind: "collected",
      of: { task: "all[*]/pick", output: "model" },
      entries: {
        "0": {
          kind: "artifact",
          digest: "sha256:all[0]/low",
          path: "model",
          made: { task: "all[0]/low", output: "model" },
          via: ["all[0]/pick"],
        },
      },
    });
  });
});

describe("the first of several targets", () => {
  const steps = workflow("steps", {}, () => {
    const check = executor("check", { run: "true" });
    const note = executor("note", { run: "true", allowFailure: true });
    const ask = approval("ask", { message: "Well?" });
    const deploy = executor("deploy", { run: "true", outputs, after: [check, note, ask] });
    return { nodes: [check, note, ask, deploy], outputs: { model: deploy.outputs.model } };
  });
  const main = workflow("main", {}, () => {
    const a = nested("a", steps);
    const b = executor("b", { run: "true", outputs });
    const pick = choice("pick", [
      { run: firstOf(a, b), outputs: { model: first(a.outputs.model, b.outputs.model) } },
    ]);
    const use = executor("use", { run: "true", inputs: { model: pick.outputs.model } });
    const only = executor("only", { run: "true", inputs: { model: a.outputs.model } });
    const after = executor("after", { run: "true", after: [a] });
    return { nodes: [a, b, pick, use, only, after] };
  });

  test("gives its output when it did its work, also when a part of it failed that may", () => {
    for (const fail of [[], ["a/note"]]) {
      const { statuses, status, scheduler } = run(main, { fail });
      expect(statuses).toMatchObject({ "a/deploy": "succeeded", b: "skipped", use: "succeeded" });
      expect(scheduler.attemptInputs("use").inputs.model).toMatchObject({ digest: "sha256:a/deploy" });
      expect(status).toBe("succeeded");
    }
  });

  test.each(["a/check", "a/ask"])(
    "stops at a failure within it and is followed by the next: %s",
    (failed) => {
      const { statuses, status, scheduler } = run(main, { fail: [failed] });
      expect(statuses).toMatchObject({
        [failed]: "failed",
        "a/deploy": "upstream-failed",
        b: "succeeded",
        use: "succeeded",
        only: "skipped",
        after: "succeeded",
      });
      expect(scheduler.attemptInputs("use").inputs.model).toMatchObject({ digest: "sha256:b" });
      expect(status).toBe("succeeded");
    },
  );

  test("fails the run when none of the others took its place", () => {
    const none = workflow("none", {}, () => {
      const a = nested("a", steps);
      const b = executor("b", { run: "true", when: "false" });
      const c = executor("c", { run: "true" });
      return { nodes: [a, b, c, choice("pick", [{ run: firstOf(a, b, c) }])] };
    });
    const { statuses, status } = run(none, { fail: ["a/check"] });
    expect(statuses).toMatchObject({ b: "skipped", c: "skipped" });
    expect(status).toBe("failed");
    expect(run(none).status).toBe("succeeded");
  });

  test("fails with the last of them", () => {
    const { statuses, status } = run(main, { fail: ["a/check", "b"] });
    expect(statuses).toMatchObject({ b: "failed", use: "upstream-failed" });
    expect(status).toBe("failed");
  });

  test("is not failed by a target within it that another one replaced", () => {
    const inner = workflow("inner", {}, () => {
      const x = executor("x", { run: "true", outputs });
      const y = executor("y", { run: "true", outputs });
      const pick = choice("pick", [
        { run: firstOf(x, y), outputs: { model: first(x.outputs.model, y.outputs.model) } },
      ]);
      return { nodes: [x, y, pick], outputs: { model: pick.outputs.model } };
    });
    const outer = workflow("outer", {}, () => {
      const a = nested("a", inner);
      const b = executor("b", { run: "true", outputs });
      const pick = choice("pick", [
        { run: firstOf(a, b), outputs: { model: first(a.outputs.model, b.outputs.model) } },
      ]);
      const use = executor("use", { run: "true", inputs: { model: pick.outputs.model } });
      const tell = executor("tell", { run: "true", when: "nodes.a.status == 'failed'" });
      return { nodes: [a, b, pick, use, tell] };
    });
    const replaced = run(outer, { fail: ["a/x"] });
    expect(replaced.statuses).toMatchObject({
      "a/y": "succeeded",
      b: "skipped",
      use: "succeeded",
      tell: "skipped",
    });
    expect(replaced.scheduler.attemptInputs("use").inputs.model).toMatchObject({ digest: "sha256:a/y" });
    const failed = run(outer, { fail: ["a/x", "a/y"] });
    expect(failed.statuses).toMatchObject({ b: "succeeded", use: "succeeded", tell: "succeeded" });
    expect(failed.status).toBe("succeeded");
  });
});

test("a file that is handed in takes the place of what was not made", () => {
  const inner = workflow("inner", { inputs: ["known"] }, ({ inputs }) => {
    const fit = executor("fit", { run: "true", outputs });
    const model = first(fit.outputs.model, inputs.known);
    return { nodes: [fit, executor("use", { run: "true", inputs: { model } })] };
  });
  const main = workflow("main", {}, () => ({
    nodes: [nested("in", inner, { inputs: { known: file("known.onnx") } })],
  }));
  const given = (told?: Told) => run(main, told).scheduler.attemptInputs("in/use").inputs.model;
  expect(given()).toMatchObject({ digest: "sha256:in/fit" });
  expect(given({ fail: ["in/fit"] })).toEqual({ kind: "file", path: "known.onnx" });
  expect(run(main, { fail: ["in/fit"] }).statuses["in/use"]).toBe("succeeded");
});

test("one failed item spoils what a map gives, so that the next alternative is taken", () => {
  const main = workflow("main", {}, () => {
    const fit = executor("fit", { run: "true", outputs, map: { over: [1, 2] } });
    const known = executor("known", { run: "true", outputs });
    const model = first(fit.outputs.model, known.outputs.model);
    return { nodes: [fit, known, executor("use", { run: "true", inputs: { model } })] };
  });
  const { statuses, scheduler } = run(main, { fail: ["fit[1]"] });
  expect(statuses.use).toBe("succeeded");
  expect(scheduler.attemptInputs("use").inputs.model).toMatchObject({ digest: "sha256:known" });
});
