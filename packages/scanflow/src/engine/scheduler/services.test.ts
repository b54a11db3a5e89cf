import { planWorkflow, requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { Instances } from "./instances.ts";
import { addressesFor, servicesOf } from "./services.ts";

const service = { kind: "service", run: "serve" };
const nested = (rest: object = {}) => ({ workflow: "inner", ...rest });

/** `inner` has a service of the name of one around it, and one of its own. */
const plan = planWorkflow(
  requireApplication({
    application: "a",
    main: "outer",
    workflows: {
      outer: {
        nodes: {
          predict: service,
          first: nested({ after: ["predict"] }),
          second: nested(),
          late: { run: "ask", after: ["first"] },
          free: { run: "ask" },
        },
      },
      inner: { nodes: { predict: service, own: service, ask: { run: "ask", after: ["own"] } } },
    },
  }),
);

function instancesWith(up: Readonly<Record<string, string>>): Instances {
  const instances = new Instances(plan, []);
  for (const [id, url] of Object.entries(up)) {
    instances.state(instances.find(id) ?? -1).service = { key: "k", url };
  }
  return instances;
}

test("a task has the address of the nearest service of a name, and of all others that are up", () => {
  const instances = instancesWith({
    predict: "http://outer",
    "first/predict": "http://first",
    "first/own": "http://own",
    "second/predict": "http://second",
  });
  const seen = (id: string) => addressesFor(instances, instances.find(id) ?? -1);
  expect(seen("free")).toEqual({ predict: "http://outer", own: "http://own" });
  expect(seen("first/ask")).toEqual({ predict: "http://first", own: "http://own" });
  expect(seen("second/ask")).toEqual({ predict: "http://second", own: "http://own" });
  expect(seen("first/predict")).toEqual({ predict: "http://outer", own: "http://own" });
  expect(addressesFor(instancesWith({}), 0)).toEqual({});
});

test("the services that a task comes after are those before it, near and far, within and around", () => {
  const instances = instancesWith({});
  const before = (id: string) =>
    servicesOf(instances, instances.find(id) ?? -1).map((one) => instances.state(one).id);
  expect(before("free")).toEqual([]);
  expect(before("first/ask")).toEqual(["predict", "first/own"]);
  expect(before("second/ask")).toEqual(["second/own"]);
  expect(before("late")).toEqual(["predict", "first/predict", "first/own"]);
});
