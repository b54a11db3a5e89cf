import { expect, test } from "vitest";
import { parseApplication, requireApplication } from "./parse-application.ts";

test("shorthands are spelled out and defaults filled in", () => {
  const { main, workflows } = requireApplication({
    application: "digits",
    workflows: {
      digits: {
        params: { seed: 7, rate: 0.5, name: "a", verbose: true, folds: [1, 2] },
        defaults: { retry: 2, resources: { memory: "2GiB" }, environment: { python: { version: "3.12" } } },
        nodes: {
          split: {
            run: "python split.py --seed {{params.seed}}",
            inputs: { digits: { file: "data/digits.csv" } },
            outputs: ["train"],
            params: {
              seed: { expression: "params.seed" },
              config: { a: 1 },
              raw: { literal: { expression: 1 } },
            },
            resources: { cpu: 0.5 },
            timeout: "10m",
            env: { LEVEL: 3 },
          },
        },
      },
    },
  });
  expect(main).toBe("digits");
  const [workflow] = workflows;
  expect(Object.entries(workflow?.params ?? {}).map(([name, { type }]) => [name, type])).toEqual([
    ["seed", "integer"],
    ["rate", "number"],
    ["name", "string"],
    ["verbose", "boolean"],
    ["folds", "list"],
  ]);
  expect(workflow?.nodes).toEqual([
    {
      kind: "executor",
      name: "split",
      description: "",
      when: null,
      after: [],
      run: { kind: "command", command: "python split.py --seed {{params.seed}}" },
      code: [],
      inputs: { digits: { kind: "file", path: "data/digits.csv" } },
      outputs: { train: { path: "train", type: "any", optional: false, register: null, description: "" } },
      params: {
        seed: { kind: "expression", expression: { kind: "reference", path: ["params", "seed"] } },
        config: { kind: "literal", value: { a: 1 } },
        raw: { kind: "literal", value: { expression: 1 } },
      },
      environment: { kind: "python", requirements: null, packages: [], python: "python3.12", apt: [] },
      resources: { cpu: 0.5, memory: 2 ** 31, gpu: 0, storage: 0 },
      placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
      env: { LEVEL: "3" },
      secrets: [],
      retry: { limit: 2, delayMs: 1000, factor: 2, maxDelayMs: 300_000, jitter: 0.2 },
      timeout: { startMs: null, runMs: 600_000, heartbeatMs: null },
      cache: true,
      map: null,
      allowFailure: false,
    },
  ]);
});

test("an application is frozen all the way down", () => {
  const application = requireApplication({
    application: "a",
    workflows: { w: { nodes: { n: { run: ["a"], params: { x: { y: [1] } } } } } },
  });
  const open: unknown[] = [application];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    expect(Object.isFrozen(value)).toBe(true);
    open.push(...Object.values(value));
  }
});

test("problems of form are reported together, each with its place and the nearest name", () => {
  const parsed = parseApplication({
    aplication: "a",
    workflows: {
      w: {
        nodes: { n: { rn: "x" }, m: { run: "x", output: [], retry: { limits: 1 } }, o: { kind: "exekutor" } },
      },
    },
  });
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems.map(({ code, place, suggestion }) => [code, place.path.join("."), suggestion])).toEqual([
    ["SCANFLOW_KEY_UNKNOWN", "aplication", "application"],
    ["SCANFLOW_DOCUMENT_INVALID", "", undefined],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.n", undefined],
    ["SCANFLOW_KEY_UNKNOWN", "workflows.w.nodes.m.retry.limits", "limit"],
    ["SCANFLOW_KEY_UNKNOWN", "workflows.w.nodes.m.output", "outputs"],
    ["SCANFLOW_DOCUMENT_INVALID", "workflows.w.nodes.o.kind", "executor"],
  ]);
});
