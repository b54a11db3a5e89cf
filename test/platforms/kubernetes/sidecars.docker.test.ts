import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { deleteObject } from "./deletion.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";
import type { Container } from "./pod-spec.ts";

// What the tests' own node does with sidecars, beside what Kubernetes says of them.
let cluster: FakeCluster;
/** What became of containers, in order: `name state`. */
let seen: string[];

beforeEach(async () => {
  cluster = await startFakeCluster({ ...process.env, ...inject("docker") });
  seen = [];
  cluster.api.store.listen(({ collection, object }) => {
    if (collection !== "pods") return;
    const { phase, initContainerStatuses = [], containerStatuses = [] } = (object.status ?? {}) as Status;
    for (const { name, state = {} } of [...initContainerStatuses, ...containerStatuses]) {
      note(name, Object.keys(state)[0] ?? "");
    }
    note("pod", phase ?? "");
  });
});
afterEach(async () => {
  await cluster.close();
  expect(await cluster.containersLeft()).toEqual([]);
});

interface Status {
  readonly phase?: string;
  readonly initContainerStatuses?: readonly { name: string; state?: object }[];
  readonly containerStatuses?: readonly { name: string; state?: object }[];
}

function note(name: string, state: string): void {
  const last = seen.findLast((line) => line.startsWith(`${name} `));
  if (last !== `${name} ${state}`) seen.push(`${name} ${state}`);
}

const at = (line: string) => seen.indexOf(line);

const container = (name: string, line: string, more: Partial<Container> = {}): Container => ({
  name,
  image: "debian:bookworm-slim",
  command: ["sh", "-c", line],
  ...more,
});

const stays = (onTerm: string) => `trap '${onTerm}' TERM; while :; do sleep 0.1; done`;

/** A Job of one pod. */
function run(initContainers: readonly Container[], containers: readonly Container[]) {
  cluster.api.store.create("jobs", "default", {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "job" },
    spec: {
      backoffLimit: 0,
      template: {
        spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 10, initContainers, containers },
      },
    },
  });
}

const always = { restartPolicy: "Always" };

test("a sidecar starts before the next init container, ends after the last container, and fails nothing", async () => {
  run(
    [container("sidecar", stays("exit 3"), always), container("first", "sleep 0.5")],
    [container("last", "sleep 0.5")],
  );
  await expect.poll(() => seen, { timeout: 30_000 }).toContain("pod Succeeded");
  expect(at("sidecar running")).toBeLessThan(at("first running"));
  expect(at("last terminated")).toBeLessThan(at("sidecar terminated"));
  expect(at("sidecar terminated")).toBeLessThan(at("pod Succeeded"));
  const conditions = () => cluster.api.store.list("jobs")[0]?.status?.conditions;
  await expect.poll(conditions).toMatchObject([{ type: "Complete", status: "True" }]);
});

test("a sidecar is started again when it ends, and not once an init container has failed", async () => {
  run(
    [container("sidecar", "sleep 0.3", always), container("first", "sleep 3; exit 5")],
    [container("last", "true")],
  );
  await expect.poll(() => seen, { timeout: 30_000 }).toContain("pod Failed");
  // At once the first time, and after ten seconds the second.
  expect(seen.filter((line) => line === "sidecar running")).toHaveLength(2);
  expect(seen).toContain("sidecar waiting");
  expect(seen).not.toContain("last running");
});

test.each([
  ["waits for a container", "containers", ["other terminated", "sidecar terminated"]],
  ["does not wait for an init container", "initContainers", ["sidecar terminated", "other terminated"]],
])("when its pod is deleted a sidecar %s", async (_, where, order) => {
  const slow = container("other", stays("sleep 1.5; exit 0"));
  const sidecar = container("sidecar", stays("exit 0"), always);
  if (where === "containers") run([sidecar], [slow]);
  else run([sidecar, slow], [container("last", "true")]);
  await expect.poll(() => seen, { timeout: 30_000 }).toContain("other running");
  const [pod] = cluster.api.store.list("pods");
  if (pod) deleteObject(cluster.api.store, "pods", pod);
  await expect.poll(() => cluster.api.store.list("pods"), { timeout: 30_000 }).toEqual([]);
  expect(seen.filter((line) => order.includes(line))).toEqual(order);
});
