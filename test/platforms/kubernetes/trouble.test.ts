import { expect, test } from "vitest";
import { errorOf } from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { deleteObject } from "./deletion.ts";
import { api, command, environment, gone, main, openBench, podThere, says } from "./nodeless.test.support.ts";
import { Refusal } from "./refusal.ts";

test("a node that is lost with its pod does not keep the attempt waiting for ever", async () => {
  const bench = await openBench({ goneMs: 100 });
  const attempt = bench.start({ command, environment });
  const pod = await podThere();
  says(pod, {
    phase: "Running",
    conditions: [{ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" }],
    initContainerStatuses: main({ running: {} }),
  });
  // Nobody is there to say that it has ended: the record of the pod stays.
  const [running] = api.store.list("pods");
  if (running) deleteObject(api.store, "pods", running);
  const outcome = await attempt.done;
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_POD_LOST",
    message: expect.stringContaining("node-1 does not answer"),
  });
  expect(outcome).toMatchObject({ retryable: true });
});

test("a namespace that is being deleted is told as that, and not as missing rights", async () => {
  const bench = await openBench();
  const message =
    'jobs.batch "t" is forbidden: unable to create new content in namespace default because it is being terminated';
  api.options = {
    ...api.options,
    refuse: ({ method, path }) =>
      method === "POST" && path.endsWith("/jobs") ? new Refusal(403, "Forbidden", message) : undefined,
  };
  const outcome = await bench.start({ command, environment }).done;
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_KUBERNETES_NAMESPACE",
    message: expect.stringMatching(/is being deleted/),
  });
});

test("a cancelled Job that could not be deleted at once is deleted when the server answers again", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  await podThere();
  let refused = 0;
  api.options = {
    ...api.options,
    refuse: ({ method }) => {
      if (method !== "DELETE" || refused === 2) return undefined;
      refused++;
      return new Refusal(503, "ServiceUnavailable", "busy");
    },
  };
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  await gone();
});

test("a Job for which no pod is made, as when a quota is used up, says where the reason stands", async () => {
  const bench = await openBench({ podlessMs: 50 });
  api.jobs.makesPods = false;
  const attempt = bench.start({ command, environment });
  await attempt.said("its Job has no pod yet, as when a quota is used up");
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  await gone();
});

test("a Job that came and went while nobody could hear of it is found to be gone", async () => {
  const bench = await openBench();
  const other = bench.start({ command, environment });
  await podThere();
  await expect.poll(() => api.watches.count).toBe(2);
  api.watches.faults.mute = true;
  const attempt = bench.start({ command, environment, task: "unheard" });
  const unheard = () => api.store.list("jobs").find(({ metadata }) => metadata.name.startsWith("unheard"));
  await expect.poll(() => unheard()?.spec?.suspend).toBe(false);
  const job = unheard();
  if (job) deleteObject(api.store, "jobs", job);
  api.watches.faults.mute = false;
  api.watches.expire();
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_POD_LOST" });
  other.cancel();
  await other.done;
});

test("a server that is busy when a Job has ended without a pod is asked again", async () => {
  const bench = await openBench();
  api.jobs.makesPods = false;
  let refused = 0;
  api.options = {
    ...api.options,
    refuse: ({ query }) => {
      if (!query.get("labelSelector")?.startsWith("batch.kubernetes.io/job-name=") || refused > 0)
        return undefined;
      refused++;
      return new Refusal(503, "ServiceUnavailable", "busy");
    },
  };
  const attempt = bench.start({ command, environment });
  await expect.poll(() => api.store.list("jobs")[0]?.spec?.suspend).toBe(false);
  const [job] = api.store.list("jobs");
  if (job) api.jobs.expire(job);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_RUN" });
  expect(refused).toBe(1);
});

test("what a command ran in is told as the node names it", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command, environment });
  const pod = await podThere();
  const imageID = `registry.example.org/team/model@sha256:${"a".repeat(64)}`;
  const [fetch, ran] = main({ terminated: { exitCode: 3, reason: "Error" } });
  says(pod, { phase: "Failed", initContainerStatuses: [fetch, { ...ran, imageID }] });
  expect(await attempt.done).toMatchObject({ kind: "failed", usage: { image: imageID } });
  await gone();
});
