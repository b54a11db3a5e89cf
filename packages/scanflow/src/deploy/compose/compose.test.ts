import { planWorkflow, requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { deploymentOf } from "../deployment.ts";
import type { Deployment } from "../target.ts";
import { compose } from "./compose.ts";
import { layOut } from "./layout.ts";

interface Service {
  readonly entrypoint: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly deploy?: object;
}

function deployment(document: object, workflow?: string): Deployment {
  const application = requireApplication(document);
  return {
    ...deploymentOf(application, { workflow, options: { source: "../.." } }),
    images: {
      scanflow: "scanflow:1",
      of: ({ environment }) => `${environment.kind}:1`,
      worker: ({ environment }) => ({ image: `${environment.kind}:shim`, shim: ["/shim"] }),
    },
  };
}

function services(document: object): Readonly<Record<string, Service>> {
  const [file] = compose.export(deployment(document));
  return parse(file?.text ?? "").services;
}

const node = (rest: object = {}) => ({ run: "true", outputs: ["out"], ...rest });

test("the container of a task starts after those whose outputs it takes, and asks the engine for its task", () => {
  const { a, b, scanflow } = services({
    application: "app",
    workflows: { w: { nodes: { a: node(), b: node({ inputs: { in: "a.out" } }) } } },
  });
  expect(b?.depends_on).toEqual({
    scanflow: { condition: "service_healthy" },
    a: { condition: "service_completed_successfully" },
  });
  expect(b?.entrypoint).toEqual(["/shim", "run", "b"]);
  expect(a?.depends_on).toEqual({ scanflow: { condition: "service_healthy" } });
  expect(scanflow?.entrypoint).toEqual(expect.arrayContaining(["run", "w", "--on", "worker", "--stay"]));
});

test("a workflow that is nested twice has one tracker, since one port leads to one", () => {
  const inner = { nodes: { keep: { kind: "tracker", port: 8008 }, fit: node() } };
  const all = services({
    application: "app",
    workflows: { w: { nodes: { one: { workflow: "inner" }, two: { workflow: "inner" } } }, inner },
    main: "w",
  });
  const ports = Object.values(all).flatMap((service) => service.ports ?? []);
  expect(ports.filter((port) => port.includes(":8008:"))).toEqual(["127.0.0.1:8008:8003"]);
  expect(all.keep?.networks).toEqual(["network-one", "network-two"]);
  expect(all.scanflow?.environment?.SCANFLOW_TRACKERS).toBe(
    "*=http://tracker:8003 one/keep=http://keep:8003 two/keep=http://keep:8003",
  );
});

test("each nested workflow has its network and its tracker, on the port that it was given", () => {
  const inner = { nodes: { keep: { kind: "tracker", port: 8008 }, fit: node() } };
  const all = services({
    application: "app",
    main: "w",
    workflows: { w: { nodes: { one: { workflow: "inner" }, last: node({ after: ["one"] }) } }, inner },
  });
  expect(all["one.fit"]?.networks).toEqual(["network-one"]);
  expect(all.keep).toMatchObject({ networks: ["network-one"], ports: ["127.0.0.1:8008:8003"] });
  expect(all.tracker).toMatchObject({ networks: ["network-w"] });
  expect(all.scanflow?.networks).toEqual(["network-w", "network-one"]);
  expect(all.scanflow?.environment?.SCANFLOW_TRACKERS).toBe(
    "*=http://tracker:8003 one/keep=http://keep:8003",
  );
  // Through the control point that opens the nested workflow.
  expect(all.last?.depends_on).toHaveProperty("one.fit");
});

test("two that work on the items of one map go side by side, and who takes what the map made waits for it", () => {
  const plan = planWorkflow(
    requireApplication({
      application: "app",
      main: "w",
      workflows: {
        inner: {
          inputs: [],
          nodes: { a: node(), b: node({ inputs: { in: "a.out" } }) },
          outputs: { out: "b.out" },
        },
        w: {
          nodes: {
            each: { workflow: "inner", map: { over: [1, 2] } },
            all: node({ inputs: { in: "each.out" } }),
          },
        },
      },
    }),
    "w",
  );
  const { before, tasks, service } = layOut(plan);
  const told = Object.fromEntries(
    tasks.map((task) => [service(task), before(task).map((one) => [one.service, one.ended])]),
  );
  expect(told).toEqual({ "each.a": [], "each.b": [["each.a", false]], all: [["each.b", true]] });
});

test("a service is found by its node's name, and who comes behind it starts while it is up", () => {
  const serve = { run: "serve", kind: "service" };
  const inner = { nodes: { predict: { ...serve, port: 9000 }, ask: { run: "true", after: ["predict"] } } };
  const nodes = { one: { workflow: "inner" }, tracker: serve };
  const all = services({ application: "app", main: "w", workflows: { w: { nodes }, inner } });
  expect(all["one.predict"]).toMatchObject({
    networks: { "network-one": { aliases: ["predict"] } },
    ports: ["127.0.0.1:9000:9000"],
  });
  expect(all["one.ask"]?.depends_on).toHaveProperty("one.predict", { condition: "service_started" });
  // A name that another container has there is not given twice.
  const taken = Object.entries(all).find(([name]) => name.startsWith("tracker-"))?.[1];
  expect(taken).toMatchObject({ networks: { "network-w": { aliases: [] } } });
  expect(taken?.ports).toBe(undefined);
});

test("limits, secrets and names that Compose would read otherwise", () => {
  const all = services({
    application: "app",
    workflows: {
      w: {
        nodes: {
          sized: node({ resources: { cpu: 0.5, memory: "64MiB", gpu: 1 }, secrets: ["API_KEY"] }),
          scanflow: node(),
        },
      },
    },
  });
  expect(Object.keys(all).filter((name) => name.startsWith("scanflow"))).toHaveLength(2);
  expect(all.sized?.deploy).toEqual({
    resources: {
      limits: { cpus: "0.5", memory: String(64 * 1024 ** 2) },
      reservations: { devices: [{ driver: "nvidia", count: 1, capabilities: ["gpu"] }] },
    },
  });
  expect(all.scanflow?.environment).toHaveProperty("API_KEY", ["$", "{API_KEY:-}"].join(""));
  expect(JSON.stringify(all.sized)).not.toContain("API_KEY");
});

test("the same application gives the same bytes, in whatever order its nodes were read", () => {
  const nodes = { a: node(), b: node({ inputs: { in: "a.out" } }) };
  const once = compose.export(deployment({ application: "app", workflows: { w: { nodes } } }));
  expect(compose.export(deployment({ workflows: { w: { nodes } }, application: "app" }))).toEqual(once);
});

test("what Compose cannot do is refused with what to change", () => {
  const lacks = compose.refuse(
    deployment({
      application: "app",
      workflows: {
        w: {
          nodes: {
            label: { kind: "labeling", message: "which?", outputs: ["labels"] },
            many: { kind: "service", run: "serve", replicas: 3 },
          },
        },
      },
    }),
  );
  expect(lacks).toMatchObject([
    { workflow: "w", task: "label", reason: expect.stringContaining("labeling") },
    { workflow: "w", task: "many", reason: expect.stringContaining("replicas") },
  ]);
});
