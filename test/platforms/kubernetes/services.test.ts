import { setTimeout as pause } from "node:timers/promises";
import { planWorkflow, requireApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { errorOf, type Started } from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { deleteObject } from "./deletion.ts";
import {
  api,
  command,
  environment,
  gone,
  openBench,
  podsThere,
  podThere,
  says,
  used,
} from "./nodeless.test.support.ts";
import type { Stored } from "./object-store.ts";
import { Refusal } from "./refusal.ts";

const service = { port: null, replicas: 1, maxReplicas: null, health: null };

const fetched = [
  { name: "fetch", image: "scanflow", state: { terminated: { exitCode: 0, reason: "Completed" } } },
];
const serves = (state: object, ready = false) => ({
  phase: "terminated" in state ? "Failed" : "Running",
  initContainerStatuses: fetched,
  containerStatuses: [{ name: "main", image: "team/model:2", state, ready, started: ready }],
});
const answers = serves({ running: {} }, true);

/** The node ends a pod that is being deleted. */
async function lets(pod: Stored): Promise<void> {
  await expect
    .poll(() => api.store.find("pods", "default", pod.metadata.name)?.metadata.deletionTimestamp)
    .toBeDefined();
  api.store.remove("pods", pod);
}

async function cancelled(attempt: Started, pods: readonly Stored[]): Promise<void> {
  attempt.cancel();
  await Promise.all(pods.map(lets));
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  await gone();
}

async function begin(given: Partial<Started["spec"]> = {}, patience: Parameters<typeof openBench>[0] = {}) {
  const bench = await openBench(patience);
  const urls: string[] = [];
  const attempt = bench.start(
    { command, environment, service, ...given },
    { ready: (url) => urls.push(url) },
  );
  return { attempt, urls };
}

test("a service is told once its node says that it answers, at the address of a Service that goes with its Job", async () => {
  const { attempt, urls } = await begin();
  const pod = await podThere();
  says(pod, serves({ running: {} }));
  await attempt.begun;
  expect(urls).toEqual([]);
  says(pod, answers);
  await attempt.said("can be asked at http://10.96.0.1:8080 by who runs in the cluster");
  expect(urls).toEqual(["http://10.96.0.1:8080"]);
  const [made] = api.store.list("services");
  const [job] = api.store.list("jobs");
  expect(made?.metadata.ownerReferences).toMatchObject([{ kind: "Job", uid: job?.metadata.uid }]);
  expect(pod.metadata.labels).toMatchObject(made?.spec?.selector as object);
  await cancelled(attempt, [pod]);
  expect(urls).toHaveLength(1);
});

test("who may ask services has their nodes' names in its hosts file, a service as well", async () => {
  const { attempt } = await begin({ services: { predict: "http://10.96.0.7:8080" } });
  const pod = await podThere();
  expect(pod.spec?.hostAliases).toEqual([{ ip: "10.96.0.7", hostnames: ["predict"] }]);
  says(pod, answers);
  await cancelled(attempt, [pod]);
});

test("an answer to the making of a Service that was lost on its way makes no second one, and its address is read", async () => {
  let posts = 0;
  api.options = {
    ...api.options,
    lose: ({ method, path }) => method === "POST" && path.endsWith("/services") && ++posts === 1,
  };
  const { attempt, urls } = await begin();
  const pod = await podThere();
  says(pod, answers);
  await attempt.said("can be asked");
  expect([posts, api.store.list("services").length, urls]).toEqual([2, 1, ["http://10.96.0.1:8080"]]);
  await cancelled(attempt, [pod]);
});

test.each<[string, object, object]>([
  ["another exit code", { exitCode: 3, reason: "Error" }, { code: "SCANFLOW_TASK_FAILED", retryable: true }],
  ["exit code 0", { exitCode: 0, reason: "Completed" }, { code: "SCANFLOW_SERVICE_ENDED", retryable: true }],
])(
  "a service that ends by itself with %s has failed, and nothing of it is left",
  async (_, end, expected) => {
    const { attempt, urls } = await begin();
    says(await podThere(), serves({ terminated: end }));
    expect(errorOf(await attempt.done)).toMatchObject(expected);
    expect(urls).toEqual([]);
    await gone();
  },
);

test("a service whose pod is deleted by others is lost, and may be tried again", async () => {
  const { attempt } = await begin();
  const pod = await podThere();
  says(pod, answers);
  await attempt.said("can be asked");
  deleteObject(api.store, "pods", api.store.get("pods", "default", pod.metadata.name));
  await lets(pod);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_POD_LOST", retryable: true });
  await gone();
});

test("of several replicas the first that answers brings the service up, and the first that ends takes all along", async () => {
  const { attempt, urls } = await begin({ service: { ...service, replicas: 3 } });
  const [one, two, three] = (await podsThere(3)) as [Stored, Stored, Stored];
  for (const pod of [one, two, three]) says(pod, serves({ running: {} }));
  says(two, answers);
  says(three, answers);
  await attempt.said("can be asked");
  let settled = false;
  void attempt.done.then(() => {
    settled = true;
  });
  says(three, serves({ terminated: { exitCode: 7, reason: "Error" } }));
  await lets(one);
  await pause(300);
  expect(settled).toBe(false);
  await lets(two);
  expect(errorOf(await attempt.done)).toMatchObject({
    code: "SCANFLOW_TASK_FAILED",
    message: expect.stringContaining("exit code 7"),
  });
  expect(urls).toHaveLength(1);
  await gone();
});

test("events that come twice and out of order, versions that are forgotten and a server that starts anew tell a service once", async () => {
  const late: Parameters<NonNullable<typeof api.watches.faults.disturb>>[0][number][] = [];
  api.watches.faults.disturb = (events) => {
    const sent = [...events, ...late.toReversed(), ...events];
    late.push(...events);
    return sent;
  };
  const { attempt, urls } = await begin({ service: { ...service, replicas: 2 } });
  const [one, two] = (await podsThere(2)) as [Stored, Stored];
  says(one, serves({ running: {} }));
  says(two, answers);
  await attempt.said("can be asked");
  says(one, answers);
  api.watches.expire();
  await api.restart();
  says(two, { ...answers, again: 1 });
  says(one, serves({ terminated: { exitCode: 9, reason: "Error" } }));
  await lets(two);
  expect(errorOf(await attempt.done)).toMatchObject({ message: expect.stringContaining("exit code 9") });
  expect(urls).toEqual(["http://10.96.0.1:8080"]);
  expect(attempt.lines.filter((line) => line.includes("can be asked at"))).toHaveLength(1);
  await gone();
});

test("a replica that waits for what cannot come ends the service, also when others answer", async () => {
  const { attempt } = await begin({ service: { ...service, replicas: 2 } });
  const [one, two] = (await podsThere(2)) as [Stored, Stored];
  says(one, answers);
  const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "team/model:2": not found' };
  says(two, { ...serves({ waiting }), phase: "Pending" });
  await Promise.all([lets(one), lets(two)]);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_IMAGE_MISSING", retryable: false });
  await gone();
});

test("a service that runs and does not answer says in its log where one can read what its node hears", async () => {
  const { attempt, urls } = await begin({}, { silentMs: 50 });
  const pod = await podThere();
  says(pod, serves({ running: {} }));
  const said = await attempt.said("runs and cannot be asked yet");
  expect(said).toContain(
    `--selector batch.kubernetes.io/job-name=${api.store.list("jobs")[0]?.metadata.name}"`,
  );
  says(pod, answers);
  await attempt.said("can be asked at");
  expect(urls).toHaveLength(1);
  await cancelled(attempt, [pod]);
});

test("a service that does not answer in time is ended; how long it is up then is nobody's business", async () => {
  const timeout = { startMs: 300, runMs: 1, heartbeatMs: null };
  const late = await begin({ timeout });
  const pod = await podThere();
  says(pod, serves({ running: {} }));
  await lets(pod);
  expect(errorOf(await late.attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_START" });
  await gone();
  const up = await begin({ timeout: { ...timeout, startMs: 60_000 } });
  const other = await podThere();
  says(other, answers);
  await up.attempt.said("can be asked");
  expect(api.store.list("jobs")[0]?.spec).not.toHaveProperty("activeDeadlineSeconds");
  await cancelled(up.attempt, [other]);
});

test("a Service that the cluster refuses ends the attempt with its words, and its Job goes", async () => {
  api.options = {
    ...api.options,
    refuse: ({ method, path }) =>
      method === "POST" && path.endsWith("/services")
        ? new Refusal(403, "Forbidden", 'services "x" is forbidden: exceeded quota: small')
        : undefined,
  };
  const { attempt } = await begin();
  expect(errorOf(await attempt.done)).toMatchObject({
    code: "SCANFLOW_KUBERNETES_REFUSED",
    message: expect.stringContaining("exceeded quota: small"),
  });
  await gone();
});

test("a service that is cancelled while its Service is being made leaves nothing", async () => {
  const asked = Promise.withResolvers<void>();
  api.options = {
    ...api.options,
    refuse: ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/services")) return undefined;
      asked.resolve();
      return new Refusal(503, "ServiceUnavailable", "busy");
    },
  };
  const { attempt } = await begin();
  await asked.promise;
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  await gone();
});

test("a replica whose node is lost ends the service as lost, and its record keeps nobody waiting for ever", async () => {
  const { attempt } = await begin({ service: { ...service, replicas: 2 } }, { goneMs: 100 });
  const [one, two] = (await podsThere(2)) as [Stored, Stored];
  says(one, answers);
  const conditions = [{ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" }];
  says(two, { ...answers, conditions });
  deleteObject(api.store, "pods", api.store.get("pods", "default", two.metadata.name));
  await lets(one);
  const outcome = await attempt.done;
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_POD_LOST",
    message: expect.stringContaining("node-1 does not answer"),
  });
  expect(api.store.list("jobs")[0]?.metadata.deletionTimestamp).toBeDefined();
});

test("rights on Services are asked for where a workflow has services, and its Service and who asks it are judged before anything starts", async () => {
  const { runner } = await openBench();
  const planOf = (nodes: object) =>
    planWorkflow(requireApplication({ application: "a", workflows: { w: { nodes } } }));
  const plain = planOf({ t: { run: "true" } });
  const asking = planOf({ s: { kind: "service", run: "serve", port: 8080 } });
  api.denied = ["create services", "get services"];
  await runner.ready?.(plain, { begins: true });
  await expect(runner.ready?.(asking, { begins: true })).rejects.toMatchObject({
    code: "SCANFLOW_KUBERNETES_DENIED",
    message: expect.stringMatching(/create services, get services\./),
  });
  api.denied = [];
  await runner.ready?.(asking, { begins: true });
  const refusing = (what: RegExp) => {
    const admit = (object: unknown) => (what.test(JSON.stringify(object)) ? "not here" : undefined);
    api.options = { ...api.options, admit };
  };
  for (const what of [/"kind":"Service"/, /hostAliases/]) {
    refusing(what);
    await runner.ready?.(plain, { begins: true });
    await expect(runner.ready?.(asking, { begins: true })).rejects.toMatchObject({
      code: "SCANFLOW_KUBERNETES_REFUSED",
      message: expect.stringContaining("not here"),
    });
  }
});

test("of Services no other right was needed", () => {
  expect([...used].filter((right) => right.endsWith(" services")).sort()).toEqual([
    "create services",
    "get services",
  ]);
});
