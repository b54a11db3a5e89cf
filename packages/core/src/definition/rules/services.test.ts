import { expect, test } from "vitest";
import { requireApplication } from "../parse-application.ts";
import { problemsOf, withNodes } from "../testing/problems-of.ts";

const run = "true";
const service = (settings: object) => ({ kind: "service", run, ...settings });

test("a service has one copy, any port and no path to ask, where nothing is said", () => {
  const [workflow] = requireApplication(
    withNodes({
      a: service({}),
      b: service({ port: 80, replicas: 2, maxReplicas: 4, health: "/v1/ok?deep=1" }),
    }),
  ).workflows;
  expect(workflow?.nodes).toMatchObject([
    { port: null, replicas: 1, maxReplicas: null, health: null },
    { port: 80, replicas: 2, maxReplicas: 4, health: "/v1/ok?deep=1" },
  ]);
});

test("a service is not scaled to fewer than it begins with, nor mapped, has no outputs, and is a program", () => {
  const nodes = {
    fewer: service({ replicas: 3, maxReplicas: 2 }),
    each: service({ map: { over: [1, 2] } }),
    writes: service({ outputs: ["answers"] }),
    steps: service({ run: { module: "serve.ts" } }),
    "steps-b": service({}),
    steps_b: service({}),
    health: service({ health: "health" }),
    host: service({ health: "//elsewhere and here" }),
  };
  expect(
    problemsOf(withNodes(nodes)).map(([code, path]) => [code, path?.replace("workflows.w.nodes.", "")]),
  ).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "health.health"],
    ["SCANFLOW_DOCUMENT_INVALID", "host.health"],
    ["SCANFLOW_DOCUMENT_INVALID", "fewer.maxReplicas"],
    ["SCANFLOW_MAP_INVALID", "each.map"],
    ["SCANFLOW_DOCUMENT_INVALID", "writes.outputs"],
    ["SCANFLOW_DOCUMENT_INVALID", "steps.run"],
    ["SCANFLOW_NAME_DUPLICATE", "steps_b"],
  ]);
});
