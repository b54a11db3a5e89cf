import { expect, test } from "vitest";
import { serverRules } from "../../../packages/scanflow/src/deploy/kubernetes/access.ts";
import { errorOf } from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { deleteObject } from "./deletion.ts";
import {
  api,
  command,
  environment,
  gone,
  main,
  openBench,
  podThere,
  says,
  used,
} from "./nodeless.test.support.ts";
import { Refusal } from "./refusal.ts";

test("a pod for which there is no machine waits, says why once, and goes on when there is one", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  const pod = await podThere();
  const unschedulable = (message: string) => ({
    phase: "Pending",
    conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
  });
  says(pod, unschedulable("0/3 nodes are available: 3 Insufficient cpu."));
  await attempt.said("waits for a machine: 0/3 nodes are available: 3 Insufficient cpu.");
  says(pod, { ...unschedulable("0/3 nodes are available: 3 Insufficient cpu."), again: 1 });
  says(pod, unschedulable("0/4 nodes are available: 4 Insufficient cpu."));
  await attempt.said("0/4 nodes");
  expect(attempt.lines.filter((line) => line.includes("0/3"))).toHaveLength(1);
  says(pod, { phase: "Pending", initContainerStatuses: main({ running: {} }) });
  await attempt.begun;
  attempt.cancel();
  // A node that runs it ends it, and says so.
  await expect
    .poll(() => api.store.find("pods", "default", pod.metadata.name)?.metadata.deletionTimestamp)
    .toBeDefined();
  api.store.remove("pods", pod);
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  await gone();
});

test.each<[string, Record<string, unknown>, object]>([
  [
    "an image that no registry has",
    {
      phase: "Pending",
      initContainerStatuses: main({
        waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "team/model:2": not found' },
      }),
    },
    { code: "SCANFLOW_IMAGE_MISSING", retryable: false },
  ],
  [
    "a container that cannot be made",
    {
      phase: "Pending",
      initContainerStatuses: main({
        waiting: { reason: "CreateContainerConfigError", message: 'secret "x" not found' },
      }),
    },
    { code: "SCANFLOW_POD_REFUSED", retryable: true },
  ],
  [
    "an eviction",
    {
      phase: "Failed",
      reason: "Evicted",
      message: "The node was low on resource: memory.",
      initContainerStatuses: main({ terminated: { exitCode: 137, reason: "Error" } }),
    },
    { code: "SCANFLOW_POD_EVICTED", retryable: true },
  ],
  [
    "a node that is gone",
    {
      phase: "Failed",
      conditions: [{ type: "DisruptionTarget", status: "True", reason: "DeletionByPodGC" }],
    },
    { code: "SCANFLOW_POD_LOST", retryable: true },
  ],
  [
    "memory that ran out",
    { phase: "Failed", initContainerStatuses: main({ terminated: { exitCode: 137, reason: "OOMKilled" } }) },
    { code: "SCANFLOW_TASK_FAILED", retryable: true },
  ],
])("%s ends the attempt, and nothing of it is left", async (_, status, expected) => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  const pod = await podThere();
  says(pod, status);
  const settled = Symbol();
  // What waits is deleted, which takes a node's word.
  const asked = expect
    .poll(() => api.store.find("pods", "default", pod.metadata.name)?.metadata.deletionTimestamp)
    .toBeDefined();
  const first = await Promise.race([attempt.done, asked.then(() => settled)]);
  if (first === settled) api.store.remove("pods", pod);
  const { retryable, ...code } = expected as { code: string; retryable: boolean };
  const outcome = await attempt.done;
  expect(errorOf(outcome)).toMatchObject(code);
  expect(outcome).toMatchObject({ retryable });
  await gone();
});

test("a Job that somebody deletes ends the attempt as lost", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  await podThere();
  const [job] = api.store.list("jobs");
  if (job) deleteObject(api.store, "jobs", job);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_POD_LOST" });
  await gone();
});

test("a deadline that ran out while the owner was away is told as a timeout", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  await podThere();
  const [job] = api.store.list("jobs");
  if (job) api.jobs.expire(job);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_RUN" });
  await gone();
});

test("a server that is busy is asked again, and an answer that was lost on its way makes no second Job", async () => {
  const bench = await openBench();
  let posts = 0;
  api.options = {
    ...api.options,
    refuse: ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/jobs")) return undefined;
      posts++;
      return posts === 1 ? new Refusal(503, "ServiceUnavailable", "the server is starting") : undefined;
    },
    lose: ({ method, path }) => method === "POST" && path.endsWith("/jobs") && posts === 2,
  };
  const attempt = bench.start({ command, environment });
  await podThere();
  expect(posts).toBe(3);
  expect(api.store.list("jobs")).toHaveLength(1);
  expect(attempt.lines).toEqual([
    expect.stringMatching(/the cluster does not answer and is asked again: .*503/),
  ]);
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  await gone();
});

test("a Job that the cluster refuses is told with its words, and leaves nothing", async () => {
  const bench = await openBench();
  api.options = { ...api.options, admit: () => 'unknown field "spec.template.spec.afinity"' };
  const outcome = await bench.start({ command, environment }).done;
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_KUBERNETES_REFUSED",
    message: expect.stringMatching(/unknown field/),
  });
  await gone();
});

test("rights that are taken away while a task runs end it with what is missing", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  await podThere();
  api.options = {
    ...api.options,
    refuse: ({ query }) =>
      query.get("watch")
        ? new Refusal(403, "Forbidden", 'pods is forbidden: User "x" cannot watch resource "pods"')
        : undefined,
  };
  api.watches.cut();
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_KUBERNETES_DENIED" });
});

test("what an earlier owner left is removed before its task runs again, a Job that was never woken as well", async () => {
  const bench = await openBench();
  const spec = bench.spec({ command, environment });
  const attempt = bench.start(spec);
  await podThere();
  const { runner } = bench;
  await runner.reclaim(spec);
  await gone();
  await attempt.done;
  await runner.reclaim(spec);
});

test("Jobs of runs that nobody takes up any more are removed at the end of their run", async () => {
  const bench = await openBench();
  const left = (run: string) =>
    api.store.create("jobs", "default", {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: run, labels: { ...labels, "org.scanflow/run": run } },
      spec: { suspend: true, template: { spec: {} } },
    });
  const attempt = bench.start({ command, environment });
  const { labels } = (await podThere()).metadata;
  left("other");
  await bench.runner.leave?.("other");
  expect(api.store.list("jobs").map(({ metadata }) => metadata.labels?.["org.scanflow/run"])).toEqual([
    "run-1",
  ]);
  attempt.cancel();
  await attempt.done;
});

// The tests before it ask for all of them: it stands last.
test("all rights of the exported Role were needed, and no other", () => {
  const granted = serverRules({ services: false }).flatMap(({ resources = [], verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
  expect([...used].sort()).toEqual(granted.toSorted());
});
