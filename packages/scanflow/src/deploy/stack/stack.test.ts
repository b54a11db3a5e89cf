import {
  type ApplicationDocument,
  application,
  executor,
  expression,
  file,
  image,
  integer,
  nested,
  parseApplication,
  python,
  service,
  tracker,
  workflow,
} from "@scanflow/core";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { platformName } from "../../platform-name.ts";
import { deploymentOf } from "../deployment.ts";
import { refuseLacks } from "../lacks.ts";
import type { DeployOptions } from "../options.ts";
import type { DeployImages } from "../target.ts";
import { stack } from "./stack.ts";
import type { StackFile } from "./stack-file.ts";

const learn = workflow("learn_It", {}, () => ({
  nodes: [
    tracker("tracker-learn", { port: 8008 }),
    executor("fit", { run: "python fit.py", outputs: ["model"], secrets: ["DATA_KEY"] }),
  ],
}));

const train = workflow("train", {}, () => ({ nodes: [nested("learn", learn)] }));

const serve = workflow(
  "serve",
  { mode: "online", params: { limit: integer({ default: 3 }) } },
  ({ params }) => ({
    nodes: [
      service("predict", {
        run: ["python", "serve.py", "{{inputs.model}}", "--price", "$5"],
        inputs: { model: file("models/best.onnx") },
        environment: python({ packages: ["onnxruntime"] }),
        params: { limit: expression`${params.limit} + 1` },
        env: { FORMAT: "{{.Id}} for $5" },
        port: 9000,
        replicas: 3,
        health: "/health",
        secrets: ["API_KEY"],
        resources: { cpu: 0.5, memory: "256MiB", gpu: 1 },
        placement: { labels: { disk: "ssd" } },
      }),
      service("front", { run: "serve-front", environment: image("front:1") }),
      service("answer", { run: "node answer.mjs", port: 9001, health: "/up" }),
    ],
  }),
);

const shop = application("Shop", { workflows: [train, serve], main: train });

function exported(given: ApplicationDocument, options: DeployOptions = {}) {
  const deployment = { ...deploymentOf(parsed(given), { options }), images: imagesIn(options.registry) };
  refuseLacks(stack, deployment);
  const files = stack.export(deployment);
  const text = files.find(({ path }) => path === "stack.yaml")?.text ?? "";
  return { deployment, files, text, file: parse(text) as StackFile };
}

function imagesIn(registry: string | undefined): DeployImages {
  const named = (ref: string) => (registry === undefined ? ref : `${registry}/${ref}`);
  return {
    scanflow: named("scanflow/scanflow:1"),
    of: ({ environment: { kind, ...rest } }) =>
      "image" in rest ? rest.image : named(`scanflow/shop:${kind}`),
    worker: () => ({ image: named("scanflow/shop:worker"), shim: [] }),
  };
}

function parsed(given: ApplicationDocument) {
  const made = parseApplication(given);
  return made.ok ? made.application : expect.fail(JSON.stringify(made.problems));
}

test("stands up the engine on a manager, a tracker for each workflow that has its own, and the services", () => {
  const { scanflow, "tracker-learn": kept, ...services } = exported(shop).file.services;
  expect(Object.keys(services)).toEqual(["predict", "front", "answer"]);
  expect(scanflow).toMatchObject({
    command: expect.arrayContaining(["scanflow", "up", "--allowed-host"]),
    environment: {
      SCANFLOW_ON: "swarm",
      SCANFLOW_SECRETS: "/run/secrets",
      SCANFLOW_TRACKERS: "tracker-learn=http://tracker-learn:8003",
    },
    secrets: [{ source: "DATA_KEY", target: "DATA_KEY" }],
    networks: ["train", platformName("learn_It")],
    deploy: { replicas: 1, placement: { constraints: ["node.role == manager"] } },
  });
  expect(kept?.networks).toEqual([platformName("learn_It")]);
  expect(kept?.deploy.placement).toEqual(scanflow?.deploy.placement);
});

test("a service gets its replicas, resources, nodes, health and a way to be updated and rolled back", () => {
  const { file: made, files } = exported(shop);
  const predict = made.services.predict ?? expect.fail("there is no service predict");
  expect(predict).toMatchObject({
    entrypoint: ["sh", "-c", 'export API_KEY="$$(cat /run/secrets/API_KEY)"; exec "$$@"', "sh"],
    command: ["python", "serve.py", "/scanflow/inputs/model.onnx", "--price", "$$5"],
    environment: {
      SCANFLOW_PARAM_LIMIT: "4",
      SCANFLOW_INPUT_MODEL: "/scanflow/inputs/model.onnx",
      FORMAT: '{{"{{"}}.Id}} for $$5',
    },
    deploy: {
      replicas: 3,
      endpoint_mode: "dnsrr",
      placement: { constraints: ["node.labels.disk == ssd"] },
      resources: {
        limits: { cpus: "0.5", memory: "268435456b" },
        reservations: { generic_resources: [{ discrete_resource_spec: { kind: "NVIDIA-GPU", value: 1 } }] },
      },
      update_config: { order: "start-first", failure_action: "rollback" },
    },
  });
  expect(predict.healthcheck?.test.join(" ")).toContain("http://127.0.0.1:9000/health");
  expect(made.services.front?.environment?.SCANFLOW_PORT).toBe("8080");
  // What a service reads lies in configs, named by what is in them: Swarm cannot change one.
  const [source = ""] = predict.configs?.map((config) => config.source) ?? [];
  const config = made.configs?.[source];
  expect(files.find(({ path }) => `./${path}` === config?.file)?.text).toBe('{"limit":4}');
  expect(config?.name).toMatch(/^predict-params-json-[0-9a-f]{12}$/);
  expect(made.services.answer?.configs).toHaveLength(1);
});

test("ports are published only when a name is given by which others come", () => {
  const portsOf = (options: DeployOptions) =>
    Object.entries(exported(shop, options).file.services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ published, target, mode }) => `${name} ${published}:${target} ${mode}`),
    );
  expect(portsOf({})).toEqual(["scanflow 7420:7420 host"]);
  expect(portsOf({ host: "swarm.example.org" })).toEqual([
    "scanflow 7420:7420 host",
    "scanflow 8000:8000 host",
    "tracker-learn 8008:8003 host",
    "predict 9000:9000 ingress",
    "answer 9001:9001 ingress",
  ]);
});

test("the same definition gives the same bytes, and images carry the registry's name", () => {
  expect(exported(shop).files).toEqual(exported(structuredClone(shop)).files);
  const { file: made } = exported(shop, { registry: "registry.example.org/team" });
  expect(made.services.scanflow?.image).toMatch(/^registry\.example\.org\/team\/scanflow\/scanflow:/);
  expect(made.services.front?.image).toBe("front:1");
});

test("what Swarm cannot do is refused with what to change", () => {
  const fitted = executor("fit", { run: "fit", outputs: ["model"] });
  const online = workflow("live", { mode: "online", params: { rate: integer() } }, ({ params }) => ({
    nodes: [
      fitted,
      service("predict", {
        run: "serve",
        inputs: { model: fitted.outputs.model },
        params: { rate: params.rate },
      }),
    ],
  }));
  const same = (name: string) =>
    workflow(name, {}, () => ({ nodes: [tracker("runs"), executor("look", { run: "look" })] }));
  expect(() => exported(application("a", { main: online, workflows: [same("one"), same("two")] }))).toThrow(
    expect.objectContaining({
      code: "SCANFLOW_TARGET_LACKS",
      message: expect.stringMatching(
        /one: another workflow's tracker is called runs.*two: another.*live\/fit: Swarm keeps the services.*live\/predict: .*input model is the output.*live\/predict: .*parameter rate/s,
      ),
    }),
  );
});
