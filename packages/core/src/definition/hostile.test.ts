import fc from "fast-check";
import { expect, test } from "vitest";
import { CORE_ERRORS, errorCode } from "../errors.ts";
import { planWorkflow } from "../plan/index.ts";
import { parseApplication } from "./parse-application.ts";

const run = "python x.py {{inputs.a}}";

/** Holds every kind of node and every key, so that a change anywhere hits something. */
const FULL = {
  application: "full",
  description: "All there is.",
  main: "outer",
  tracker: { name: "t", port: 5000, description: "" },
  workflows: {
    inner: {
      params: {
        rate: 0.1,
        epochs: { type: "integer", default: 2, choices: [1, 2], min: 1, max: 5, description: "" },
      },
      inputs: ["data"],
      outputs: { model: "fit.model" },
      defaults: { environment: "host", resources: { cpu: 1 }, retry: 1, timeout: "1m", cache: true },
      nodes: {
        log: { kind: "tracker", port: 8008 },
        fit: {
          run,
          inputs: { a: "inputs.data" },
          outputs: ["model"],
          params: { r: { expression: "params.rate * params.epochs" } },
        },
      },
    },
    outer: {
      mode: "batch",
      params: { seed: 7 },
      schedules: [{ cron: "30 2 * * MON-FRI", timezone: "Europe/Madrid", params: { seed: 8 } }],
      nodes: {
        get: {
          kind: "executor",
          run: ["get"],
          outputs: { x: { path: "x.csv", type: "csv" }, y: "y.csv" },
          code: ["*.py"],
          cache: false,
        },
        train: {
          workflow: "inner",
          inputs: { data: "get.x" },
          params: { rate: 0.5 },
          map: { over: [1, 2], concurrency: 1 },
        },
        fit: {
          run: { module: "a.ts", export: "b" },
          inputs: { a: "get.x" },
          outputs: ["model"],
          map: { sweep: { lr: [1] } },
        },
        check: {
          kind: "checker",
          run,
          inputs: { a: { first: ["get.x", "get.y"] } },
          failOn: "alarm",
          allowFailure: true,
        },
        pick: { choice: "if device is typeA run a, else b then c", after: ["check"] },
        a: {
          run: { notebook: "a.ipynb" },
          environment: { python: { packages: ["x"], version: "3.12" } },
          env: { A: 1 },
          secrets: ["S"],
        },
        b: {
          run: "x",
          when: "nodes.get.result.n > params.seed",
          retry: { limit: 1, delay: "1s", factor: 2, maxDelay: 5, jitter: 0 },
        },
        c: {
          run: "x",
          resources: { cpu: 1, memory: "1GiB", gpu: 1, storage: 5 },
          timeout: { start: 1, run: "1s", heartbeat: null },
        },
        best: {
          choice: [
            { when: "true", outputs: { o: "get.x" } },
            { run: { firstOf: ["d"] }, outputs: { o: "get.y" } },
          ],
        },
        d: {
          run: "x",
          environment: { dockerfile: "D", context: "." },
          after: [{ node: "a", if: "finished" }],
        },
        ask: { kind: "approval", message: "?", inputs: { o: "best.o", f: { file: "f" } } },
        label: {
          kind: "labeling",
          message: "?",
          inputs: { v: "check.verdict" },
          outputs: ["labels"],
          description: "",
        },
        serve: {
          kind: "service",
          run: "x",
          port: 8080,
          replicas: 2,
          maxReplicas: 4,
          health: "/health",
          environment: { image: "i" },
          placement: {
            labels: { disk: "ssd" },
            tolerations: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
            affinity: { podAffinity: {} },
            serviceAccount: "server",
          },
        },
        page: { run: "x", environment: { node: { package: "package.json", apt: ["jq"] } } },
      },
    },
  },
};

type Mutable = Record<string | number, unknown>;

/** Every place in the document: the object that holds it, and its key. */
function places(value: unknown): { readonly holder: Mutable; readonly key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Mutable;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...places(holder[key])]);
}

const STRANGE = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "get.x",
  "inputs.data",
  "nodes.get.result.x",
  "item.x",
  "constructor.prototype",
  "__proto__",
  "inner",
  "fit",
  [],
  ["fit"],
  {},
  { expression: "item" },
  { expression: "params.seed" },
  { first: [] },
  { fit: "fit.model" },
  [{ name: "x", run: "x" }],
];

const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("replace", "rename", "remove", "swap"),
  other: fc.nat(),
  value: fc.oneof(fc.constantFrom(...STRANGE), fc.jsonValue()),
});

function cloned(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function changed(changes: readonly { at: number; kind: string; other: number; value: unknown }[]): unknown {
  const document = cloned(FULL);
  for (const { at, kind, other, value } of changes) {
    const all = places(document);
    const [place, second] = [all[at % all.length], all[other % all.length]];
    if (!place || !second) break;
    const { holder, key } = place;
    const held = holder[key];
    if (kind === "replace") holder[key] = cloned(value);
    if (kind === "swap") holder[key] = cloned(second.holder[second.key]);
    if (kind === "remove" || kind === "rename") delete holder[key];
    if (kind === "rename") holder[typeof value === "string" ? value : second.key] = held;
  }
  return document;
}

test("the document that the changes start from is valid", () => {
  const parsed = parseApplication(FULL);
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
});

test("whatever is changed in a document, it is valid or has problems with known codes", () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const parsed = parseApplication(changed(changes));
      if (parsed.ok) return;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const { code, message } of parsed.problems) {
        expect(Object.keys(CORE_ERRORS)).toContain(code);
        expect(message).not.toMatch(/undefined|\[object|NaN/);
      }
    }),
    { numRuns: 600 },
  );
});

test("what is valid can be planned", () => {
  const allowed = ["SCANFLOW_NOT_RUNNABLE", "SCANFLOW_EXPRESSION_LIMIT"];
  fc.assert(
    fc.property(change, (one) => {
      const parsed = parseApplication(changed([one]));
      if (!parsed.ok) return;
      try {
        expect(planWorkflow(parsed.application).tasks.length).toBeGreaterThan(0);
      } catch (error) {
        expect(allowed).toContain(errorCode(error));
      }
    }),
    { numRuns: 600 },
  );
});

test("any value at all gives problems", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const parsed = parseApplication(value);
      expect(parsed.ok ? [] : parsed.problems).not.toHaveLength(0);
    }),
  );
});

test("ten thousand nodes are read, and so is a document of ten thousand mistakes", () => {
  const nodes = Array.from({ length: 10_000 }, (_, index) => [
    `n${index}`,
    {
      run: "x {{inputs.a}}",
      inputs: { a: index === 0 ? { file: "x" } : `n${index - 1}.out` },
      outputs: ["out"],
      when: index === 0 ? "true" : `nodes.n${index - 1}.result.x > params.seed`,
    },
  ]);
  const workflow = { params: { seed: 1 }, nodes: Object.fromEntries(nodes) };
  const parsed = parseApplication({ application: "a", workflows: { w: workflow } });
  expect(parsed.ok && parsed.application.workflows[0]?.nodes.length).toBe(10_000);
  const wrong = parseApplication({ application: "a", workflows: { w: { nodes: workflow.nodes } } });
  expect(wrong.ok ? 0 : wrong.problems.length).toBe(301);
});
