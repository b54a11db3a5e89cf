import { expect, test } from "vitest";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const nodes = { n: { run: "true" } };

/** Codes and paths below the schedules of a workflow with these. */
function problemsWith(schedules: unknown, workflow: object = {}) {
  return problemsOf(withNodes(nodes, { schedules, ...workflow })).map(([code, path, meant]) => [
    code,
    path?.replace("workflows.w.schedules", ""),
    ...(meant === undefined ? [] : [meant]),
  ]);
}

test("a schedule has a time and a zone that are known", () => {
  expect(
    problemsWith([{ cron: "30 2 * * MON-FRI", timezone: "Europe/Madrid" }, { cron: " 0  0 * * * " }]),
  ).toEqual([]);
  expect(
    problemsWith([
      { cron: "@daily" },
      { cron: "0 25 * * *" },
      { cron: "* * * * *", timezone: "europe/Madrid" },
    ]),
  ).toEqual([
    ["SCANFLOW_SCHEDULE_INVALID", "[0].cron", "0 0 * * *"],
    ["SCANFLOW_SCHEDULE_INVALID", "[1].cron"],
    ["SCANFLOW_SCHEDULE_INVALID", "[2].timezone", "Europe/Madrid"],
  ]);
});

test("a schedule has the form of one", () => {
  expect(problemsWith({ cron: "* * * * *" })).toEqual([["SCANFLOW_DOCUMENT_INVALID", ""]]);
  expect(problemsWith([{}, { cron: 5 }])).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "[0].cron"],
    ["SCANFLOW_DOCUMENT_INVALID", "[1].cron"],
  ]);
  expect(problemsWith([{ cron: "* * * * *", timezne: "UTC" }])).toEqual([
    ["SCANFLOW_KEY_UNKNOWN", "[0].timezne", "timezone"],
  ]);
});

test("what a schedule gives fits the workflow's parameters, and nothing is missing", () => {
  const params = {
    seed: 7,
    rate: { type: "number" },
    name: { type: "string", choices: ["a"], default: "a" },
  };
  const used = { nodes: { n: { run: "true" } } };
  const cron = "0 0 * * *";
  expect(problemsWith([{ cron, params: { rate: 0.5, name: "a" } }], { params, ...used })).toEqual([]);
  expect(
    problemsWith([{ cron }, { cron, params: { rate: "fast", name: "b", sed: 1, constructor: 1 } }], {
      params,
      ...used,
    }),
  ).toEqual([
    ["SCANFLOW_PARAM_MISSING", "[0]"],
    ["SCANFLOW_TYPE_MISMATCH", "[1].params.rate"],
    ["SCANFLOW_TYPE_MISMATCH", "[1].params.name"],
    ["SCANFLOW_PARAM_UNKNOWN", "[1].params.sed", "seed"],
    ["SCANFLOW_PARAM_UNKNOWN", "[1].params.constructor"],
  ]);
});

test("a workflow that needs inputs is not scheduled by itself", () => {
  expect(
    problemsOf({
      application: "a",
      main: "w",
      workflows: {
        w: { nodes: { n: { workflow: "v", inputs: { data: { file: "f" } } } } },
        v: {
          inputs: ["data"],
          nodes: { n: { run: "true", inputs: { x: "inputs.data" } } },
          schedules: [{ cron: "* * * * *" }],
        },
      },
    }),
  ).toEqual([["SCANFLOW_INPUT_MISSING", "workflows.v.schedules", undefined]]);
});
