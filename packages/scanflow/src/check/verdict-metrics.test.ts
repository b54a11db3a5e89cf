import { expect, test } from "vitest";
import { verdictMetrics } from "./verdict-metrics.ts";

test("columns are counted by their status, and their effects have keys that MLflow allows", () => {
  const evidence = {
    "age (years)": { status: "alarm", effect: 0.5, adjustedPValue: null },
    city: { status: "invalid" },
    pay: { status: "warning", effect: 0.1, adjustedPValue: 0.01 },
  };
  expect(verdictMetrics({ status: "alarm", kind: "drift", message: "m", columns: [], evidence })).toEqual([
    ["columns", 3],
    ["alarms", 1],
    ["warnings", 1],
    ["invalid", 1],
    ["effect/age _years_", 0.5],
    ["effect/pay", 0.1],
    ["adjustedPValue/pay", 0.01],
  ]);
});

test("what a model's metrics and tests measured is kept, too", () => {
  const evidence = {
    accuracy: { status: "ok", value: 0.9, low: 0.8, high: 0.95 },
    "F1 in Graz": { status: "invalid", value: null },
    rocAuc: { status: "ok", estimate: 0.7, low: 0.6, high: 0.8 },
  };
  const verdict = { status: "ok", kind: "performance", message: "m", columns: [], evidence } as const;
  expect(verdictMetrics(verdict).slice(4)).toEqual([
    ["value/accuracy", 0.9],
    ["estimate/rocAuc", 0.7],
  ]);
});
