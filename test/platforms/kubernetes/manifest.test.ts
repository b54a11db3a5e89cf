import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { remoteCommand } from "../../../packages/scanflow/src/runners/contract/remote-command.ts";
import {
  attemptManifests,
  type ManifestRequest,
} from "../../../packages/scanflow/src/runners/kubernetes/manifest.ts";
import type { AttemptSpec } from "../../../packages/scanflow/src/runners/runner.ts";
import { type DryRun, hasKubectl, startDryRun } from "./kubectl.ts";
import { hasSchemas, problemsOf } from "./schema.ts";

const spec: AttemptSpec = {
  run: "01JABC",
  task: "train",
  attempt: 1,
  token: "t0ken",
  workdir: "/nowhere",
  root: "/nowhere",
  command: { kind: "command", command: ["python", "train.py"] },
  inputs: {},
  outputs: {},
  params: {},
  environment: { kind: "host" },
  env: {},
  secrets: [],
  timeout: { startMs: null, runMs: null, heartbeatMs: null },
  tracking: { uri: "http://tracker", experimentId: "1", runId: "r" },
  checkpoint: "/nowhere",
  log: "/nowhere",
};

function request(changes: Partial<ManifestRequest> = {}, about: Partial<AttemptSpec> = {}): ManifestRequest {
  const tracking = { MLFLOW_TRACKING_URI: "http://gateway", MLFLOW_TRACKING_TOKEN: "tracker token" };
  return {
    place: { ...spec, ...about },
    belonging: { application: "digits", workflow: "train", owner: "0123abcd" },
    images: { main: "registry:5000/scanflow/digits:abc", shim: "registry:5000/scanflow/scanflow:0.1.0-abc" },
    shim: ["node", "/opt/scanflow/dist/shim/main.js"],
    command: remoteCommand({ ...spec, ...about }, { secrets: { API_KEY: "very secret" }, tracking }),
    gateway: { SCANFLOW_GATEWAY: "http://10.0.0.1:80", SCANFLOW_GATEWAY_TOKEN: "gateway token" },
    gatewayUrl: "http://10.0.0.1:80",
    resources: { cpu: 1.5, memory: 2 ** 30, gpu: 0, storage: 0 },
    placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
    timeout: spec.timeout,
    pullSecrets: [],
    ...changes,
  };
}

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
  ])("Job and Secret %s are right by the definitions and by kubectl", async (_, given) => {
    const { job, secret } = attemptManifests(given);
    expect([problemsOf(job), problemsOf(secret)]).toEqual([undefined, undefined]);
    const said = await dryRun.check([job, secret].map((one) => JSON.stringify(one)).join("\n"));
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
        (about, resources) => {
          const manifests = attemptManifests(request({ resources }, about));
          expect([problemsOf(manifests.job), problemsOf(manifests.secret)]).toEqual([undefined, undefined]);
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

test("nothing that stands in a command or a value is read as a variable by Kubernetes", () => {
  const main = containersOf(attemptManifests(everything))[1];
  expect(main?.env?.find(({ name }) => name === "GREETING")?.value).toBe("a $$(HOME) $$$$ b");
  expect(main?.command).toEqual(["python", "train.py"]);
});
