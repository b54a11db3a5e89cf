import { dirname } from "node:path";
import { expect, test } from "vitest";
import { gatewayAnnotation } from "../../../packages/scanflow/src/runners/kubernetes/names.ts";
import { deleteObject } from "./deletion.ts";
import {
  api,
  command,
  environment,
  gone,
  openBench,
  podsThere,
  runnerIn,
  says,
} from "./nodeless.test.support.ts";
import type { Stored } from "./object-store.ts";

const service = { port: null, replicas: 1, maxReplicas: null, health: null };

const answers = {
  phase: "Running",
  initContainerStatuses: [{ name: "fetch", state: { terminated: { exitCode: 0, reason: "Completed" } } }],
  containerStatuses: [{ name: "main", state: { running: {} }, ready: true, started: true }],
};

/** A service that is up, and the process that comes after the one that brought it up. */
async function outlived(replicas: number) {
  const bench = await openBench();
  const first = bench.start({ command, environment, service: { ...service, replicas } });
  const pods = await podsThere(replicas);
  for (const pod of pods) says(pod, answers);
  await first.said("can be asked");
  // The node ends what is to end at once.
  api.store.listen(({ collection, type, object }) => {
    if (collection !== "pods" || type !== "MODIFIED" || !object.metadata.deletionTimestamp) return;
    queueMicrotask(() => api.store.remove("pods", object));
  });
  const next = runnerIn({ artifacts: bench.artifacts, folder: dirname(bench.root) });
  const heard = { urls: [] as string[], lines: [] as string[] };
  const listener = {
    started: () => undefined,
    logged: () => undefined,
    ready: (url: string) => heard.urls.push(url),
    line: (line: string) => heard.lines.push(line),
  };
  // The port of the first one's gateway is not free, so the pods are told of the next one's.
  const trial = next.start(bench.spec({ command, environment }), listener);
  const isTrial = ({ metadata }: Stored) => metadata.name.startsWith("task-2");
  await expect.poll(() => api.store.list("pods").some(isTrial)).toBe(true);
  const [there] = api.store.list("jobs").filter(isTrial);
  const [job] = api.store.list("jobs").filter((one) => !isTrial(one));
  if (!job || !there) throw new Error("there is no Job");
  api.store.update("jobs", job, ({ metadata }) => {
    const at = there.metadata.annotations?.[gatewayAnnotation] ?? "";
    metadata.annotations = { ...metadata.annotations, [gatewayAnnotation]: at };
  });
  trial.cancel();
  await trial.done;
  const end = async () => {
    await next.close();
    await bench.runner.close();
    await gone();
  };
  return { adopt: () => next.adopt?.(first.spec, listener), heard, end };
}

test("a service that outlived its owner is gone on with, and told at the address of its Service", async () => {
  const { adopt, heard, end } = await outlived(1);
  expect(await adopt()).not.toBeNull();
  await expect.poll(() => heard.urls).toEqual(["http://10.96.0.1:8080"]);
  expect(api.requests.filter((one) => /^POST .*\/services$/.test(one.replace(/\?.*/, "")))).toHaveLength(1);
  await end();
});

test("of a service with replicas nobody knows whose line in its log is which: what they wrote comes again, and that is said", async () => {
  const { adopt, heard, end } = await outlived(2);
  expect(await adopt()).not.toBeNull();
  await expect.poll(() => heard.urls).toHaveLength(1);
  expect(heard.lines[0]).toMatch(/this attempt went on: what it wrote so far follows$/);
  await end();
});

test("a service whose Service is gone is not gone on with: nobody could ask it", async () => {
  const { adopt, heard, end } = await outlived(1);
  const [before] = api.store.list("services");
  if (before) deleteObject(api.store, "services", before);
  expect(await adopt()).toBeNull();
  expect(heard.urls).toEqual([]);
  await end();
});
