import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attemptManifests } from "../../../packages/scanflow/src/runners/kubernetes/manifest.ts";
import type { AttemptSpec } from "../../../packages/scanflow/src/runners/runner.ts";
import { type DryRun, hasKubectl, startDryRun } from "./kubectl.ts";
import { request } from "./manifest.test.support.ts";
import type { Stored } from "./object-store.ts";
import { hasSchemas, problemsOf } from "./schema.ts";
import { faultOf } from "./semantics.ts";

const everything = request(
  {
    resources: { cpu: 0.25, memory: 3 * 2 ** 30, gpu: 2, storage: 10 * 2 ** 30 },
    placement: {
      labels: { "example.com/disk": "ssd" },
      tolerations: [
        { key: "gpu", value: "yes", effect: "NoSchedule" },
        { key: null, value: null, effect: null },
      ],
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] } },
          ],
        },
      },
      serviceAccount: "trainer",
    },
    timeout: { startMs: 60_000, runMs: 90_500, heartbeatMs: null },
    pullSecrets: ["registry"],
  },
  { env: { GREETING: "a $(HOME) $$ b" }, params: { rate: 0.5, name: "Größe" }, item: { x: 1 } },
);

const service = { port: null, replicas: 1, maxReplicas: null, health: null };
const standing = request(
  {
    service: { port: 80, replicas: 3, maxReplicas: 5, health: "/health?deep=1" },
    services: { predict: "http://10.96.0.7:8080", Score: "http://[fd00::7]:80", other: "http://10.96.0.7:9" },
    timeout: { startMs: 60_000, runMs: 90_500, heartbeatMs: null },
  },
  { service: { port: 80, replicas: 3, maxReplicas: 5, health: "/health?deep=1" } },
);

const podOf = ({ job }: ReturnType<typeof attemptManifests>) => {
  const pod = job.spec?.template.spec;
  if (!pod) throw new Error("no pod");
  return pod;
};
const containersOf = (manifests: ReturnType<typeof attemptManifests>) => {
  const { initContainers = [], containers } = podOf(manifests);
  return [...initContainers, ...containers];
};

describe.skipIf(!hasSchemas || !hasKubectl)("what Kubernetes says of the manifests", () => {
  let dryRun: DryRun;
  beforeAll(async () => {
    dryRun = await startDryRun();
  });
  afterAll(() => dryRun.close());

  test.each([
    ["of a plain task", request()],
    ["with everything that can be declared", everything],
    ["of a service", request({ service })],
    ["of a service with everything", standing],
  ])("Job, Secret and Service %s are right by the definitions and by kubectl", async (_, given) => {
    const { job, secret, service: before } = attemptManifests(given);
    const all = [job, secret, ...(before ? [before] : [])];
    expect(all.map(problemsOf)).toEqual(all.map(() => undefined));
    expect(all.map((one) => faultOf(one as unknown as Stored))).toEqual(all.map(() => undefined));
    const said = await dryRun.check(all.map((one) => JSON.stringify(one)).join("\n"));
    expect(said.match(/created \(dry run\)/g)).toHaveLength(all.length);
    expect(said).toMatch(/^job\.batch\/train-[0-9a-f]{12} created \(dry run\)\nsecret\/train-/);
  });

  test("whatever tasks, params, variables and resources are called and hold, the definitions are met", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 80 });
    const values = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/), text, { maxKeys: 5 });
    fc.assert(
      fc.property(
        fc.record({ task: text, run: text, token: text, attempt: fc.nat(), env: values }),
        fc.record({
          cpu: fc.float({ min: Math.fround(0.001), max: 512, noNaN: true }),
          memory: fc.nat(),
          gpu: fc.nat(16),
          storage: fc.nat(),
        }),
        fc.record({
          service: fc.option(
            fc.record({
              port: fc.option(fc.integer({ min: 1, max: 65_535 })),
              replicas: fc.integer({ min: 1, max: 10_000 }),
              maxReplicas: fc.constant(null),
              health: fc.constantFrom(null, "/health"),
            }),
            { nil: undefined },
          ),
          services: fc.dictionary(
            fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/),
            fc
              .oneof(
                fc.ipV4(),
                fc.ipV6().map((ip) => `[${ip}]`),
              )
              .map((host) => `http://${host}:8080`),
          ),
        }),
        (about, resources, given) => {
          const manifests = attemptManifests(request({ resources, ...given }, about));
          const all = Object.values(manifests) as unknown as Stored[];
          expect(all.map(problemsOf)).toEqual(all.map(() => undefined));
          expect(all.map(faultOf)).toEqual(all.map(() => undefined));
          const { name, labels } = manifests.job.metadata ?? {};
          // With the 6 characters that a pod's name adds it is still a label of DNS.
          expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,55}[a-z0-9])?$/);
          for (const value of Object.values(labels ?? {}))
            expect(value).toMatch(/^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("attempts that differ in anything have names that differ, and the same one has the same", () => {
  const nameOf = (about: Partial<AttemptSpec>) => attemptManifests(request({}, about)).job.metadata?.name;
  const names = [
    {},
    { task: "größe" },
    { task: "grosse" },
    { task: "train[2]/fit" },
    { attempt: 2 },
    { token: "x" },
    { run: "y" },
  ].map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(nameOf({})).toBe(nameOf({}));
  expect(nameOf({ task: "火車" })).toMatch(/^x-[0-9a-f]{8}-[0-9a-f]{12}$/);
  expect(attemptManifests(request({}, { task: "火車" })).job.metadata?.annotations).toMatchObject({
    "org.scanflow/task-id": "火車",
  });
});

test("secrets and tokens stand in the Secret alone", () => {
  const manifests = attemptManifests(request());
  const { job, secret } = manifests;
  expect(secret.stringData).toEqual({
    API_KEY: "very secret",
    MLFLOW_TRACKING_TOKEN: "tracker token",
    SCANFLOW_GATEWAY: "http://10.0.0.1:80",
    SCANFLOW_GATEWAY_TOKEN: "gateway token",
  });
  expect(JSON.stringify(job)).not.toMatch(/very secret|tracker token|gateway token/);
  const [fetch, main, publish] = containersOf(manifests);
  const named = (container: typeof main) =>
    container?.env?.filter(({ valueFrom }) => valueFrom).map(({ name }) => name);
  expect(named(main)).toEqual(["API_KEY", "MLFLOW_TRACKING_TOKEN"]);
  expect(named(fetch)).toEqual(["SCANFLOW_GATEWAY", "SCANFLOW_GATEWAY_TOKEN"]);
  expect(named(publish)).toEqual(named(fetch));
});

test("every container is confined, and only what a task may write can be written", () => {
  const manifests = attemptManifests(everything);
  expect(podOf(manifests).securityContext).toMatchObject({
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  });
  for (const { securityContext, resources } of containersOf(manifests)) {
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(resources?.limits).toMatchObject({ memory: expect.anything() });
  }
  const main = containersOf(manifests)[1];
  expect(main?.volumeMounts?.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath)).toEqual([
    "/scanflow",
    "/tmp",
    "/dev/shm",
  ]);
});

test("what is declared is asked for", () => {
  const manifests = attemptManifests(everything);
  const main = containersOf(manifests)[1];
  const limits = {
    cpu: "250m",
    memory: "3221225472",
    "nvidia.com/gpu": "2",
    "ephemeral-storage": "10737418240",
  };
  expect(main?.resources).toEqual({ requests: limits, limits });
  expect(manifests.job.spec).toMatchObject({
    backoffLimit: 0,
    activeDeadlineSeconds: 211,
    ttlSecondsAfterFinished: 86_400,
  });
  expect(podOf(manifests)).toMatchObject({
    nodeSelector: { "example.com/disk": "ssd" },
    tolerations: [
      { key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" },
      { operator: "Exists" },
    ],
    serviceAccountName: "trainer",
    automountServiceAccountToken: true,
    imagePullSecrets: [{ name: "registry" }],
  });
  expect(podOf(attemptManifests(request())).automountServiceAccountToken).toBe(false);
});

test("a service is fetched for and stays: its node asks it until it answers once, and its Service leads to its pods", () => {
  const manifests = attemptManifests(standing);
  const { initContainers = [], containers, securityContext } = podOf(manifests);
  expect([initContainers, containers].map((all) => all.map(({ name }) => name))).toEqual([
    ["fetch"],
    ["main"],
  ]);
  expect(containers[0]).toMatchObject({
    ports: [{ name: "http", containerPort: 80 }],
    startupProbe: { httpGet: { path: "/health?deep=1", port: "http" }, periodSeconds: 1 },
  });
  expect(containers[0]).not.toHaveProperty("readinessProbe");
  expect(containers[0]?.env).toContainEqual({ name: "SCANFLOW_PORT", value: "80" });
  // Who is nobody may else not listen there.
  expect(securityContext?.sysctls).toEqual([{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }]);
  const { name } = manifests.job.metadata ?? {};
  expect(manifests.job.spec).toMatchObject({ parallelism: 3, completions: 3, backoffLimit: 0 });
  expect(manifests.job.spec).not.toHaveProperty("activeDeadlineSeconds");
  expect(manifests.service).toMatchObject({
    metadata: { name },
    spec: {
      selector: { "batch.kubernetes.io/job-name": name },
      ports: [{ port: 80, targetPort: "http" }],
    },
  });
  const plain = attemptManifests(request({ service }));
  expect(podOf(plain).containers[0]).toMatchObject({ startupProbe: { tcpSocket: { port: "http" } } });
  expect(podOf(plain).securityContext).not.toHaveProperty("sysctls");
  expect(attemptManifests(request()).service).toBeUndefined();
});

test("services are found by their nodes' names in the hosts file of who may ask them, and take no name that the pod needs", () => {
  const aliases = (services: Record<string, string>, gatewayUrl = "http://scanflow:8080") =>
    podOf(attemptManifests(request({ services, gatewayUrl }))).hostAliases;
  expect(podOf(attemptManifests(standing)).hostAliases).toEqual([
    { ip: "10.96.0.7", hostnames: ["predict", "other"] },
    { ip: "fd00::7", hostnames: ["score"] },
  ]);
  const url = "http://10.96.0.7:8080";
  // The gateway's own name would lead the attempt's token to the service.
  expect(
    aliases({ scanflow: url, Scanflow: url, localhost: url, score_all: url, "ends-": url }),
  ).toBeUndefined();
  expect(aliases({ scanflow: url }, "http://10.0.0.1:80")).toEqual([
    { ip: "10.96.0.7", hostnames: ["scanflow"] },
  ]);
  // Of two names that are one in a hosts file the first counts.
  expect(aliases({ Score: url, score: "http://10.96.0.8:80" })).toEqual([
    { ip: "10.96.0.7", hostnames: ["score"] },
  ]);
  expect(aliases({ elsewhere: "http://elsewhere:80" })).toBeUndefined();
  expect(aliases({})).toBeUndefined();
});

test("nothing that stands in a command or a value is read as a variable by Kubernetes", () => {
  const main = containersOf(attemptManifests(everything))[1];
  expect(main?.env?.find(({ name }) => name === "GREETING")?.value).toBe("a $$(HOME) $$$$ b");
  expect(main?.command).toEqual(["python", "train.py"]);
});
