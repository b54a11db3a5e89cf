import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { Docker } from "../../../packages/scanflow/src/docker/index.ts";
import { ownerGateway } from "../../../packages/scanflow/src/gateway/index.ts";
import { Images, recipeOf } from "../../../packages/scanflow/src/images/index.ts";
import {
  type Bench,
  errorOf,
  openBenchOf,
  type Started,
} from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { applicationFiles } from "../../../packages/scanflow/src/runners/code/application-files.ts";
import { kubernetesRunner, type PodImages } from "../../../packages/scanflow/src/runners/kubernetes/index.ts";
import type { AttemptSpec } from "../../../packages/scanflow/src/runners/runner.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";

const env = { ...process.env, ...inject("docker") };
const debian = "debian:bookworm-slim";
const environment = { kind: "image" as const, image: debian };
const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });
const retry = { limit: 1, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 0 };
const heartbeat = (heartbeatMs: number) => ({ timeout: { startMs: null, runMs: null, heartbeatMs } });

let docker: Docker;
let shim: Awaited<ReturnType<PodImages>>["shim"];
let cluster: FakeCluster;

beforeAll(async () => {
  docker = await Docker.open({ env });
  const request = { root: "/nowhere", application: "kubernetes-test", shim: true, env };
  const recipe = await recipeOf({ task: "shim", command: shell(""), environment }, request);
  const { ref } = await new Images(docker, { env }).need(recipe);
  shim = { image: ref, command: recipe.shim ?? [] };
});
afterAll(() => docker.close());

beforeEach(async () => {
  cluster = await startFakeCluster(env);
});
afterEach(async () => {
  await cluster.close();
  expect(await cluster.containersLeft()).toEqual([]);
});

function openBench(): Promise<Bench> {
  return openBenchOf(({ artifacts, root, folder }) =>
    kubernetesRunner({
      gateway: ownerGateway({ artifacts, environment: {}, checkpointMs: 1000 }),
      stateDir: folder,
      environment: { ...process.env, ...cluster.environment },
      images: async () => ({ main: debian, shim }),
      mayGoOn: async () => true,
      code: applicationFiles({ root, artifacts }),
    }),
  );
}

/** The attempt after this one. */
function next({ spec }: Started): Partial<AttemptSpec> {
  const { task, checkpoint, command, workdir, attempt } = spec;
  return { task, checkpoint, command, environment, retry, workdir: `${workdir}-next`, attempt: attempt + 1 };
}

const kept = (spec: AttemptSpec, path: string) =>
  readFile(join(spec.checkpoint, path), "utf8").catch(() => undefined);

/** Names of the containers of the pod that there is. */
function containersOf(): string[] {
  const [pod] = cluster.api.store.list("pods");
  const { initContainers = [], containers = [] } = (pod?.spec ?? {}) as Record<string, { name: string }[]>;
  return [...initContainers, ...containers].map(({ name }) => name);
}

test("a command that touches its heartbeat goes on, and one that falls silent is ended", async () => {
  const bench = await openBench();
  const touches = 'for i in 1 2 3 4 5 6 7 8 9 10; do touch "$SCANFLOW_HEARTBEAT_FILE"; sleep 0.5; done';
  const alive = bench.start({ command: shell(touches), environment, ...heartbeat(2500) });
  await alive.begun;
  expect(containersOf()).toEqual(["fetch", "attend", "main", "publish"]);
  expect(await alive.done).toMatchObject({ kind: "succeeded" });
  expect(alive.lines).toEqual([]);
  const silent = bench.start({
    command: shell('touch "$SCANFLOW_HEARTBEAT_FILE"; trap exit TERM; while :; do sleep 0.1; done'),
    environment,
    ...heartbeat(2500),
  });
  expect(errorOf(await silent.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_HEARTBEAT" });
  expect(cluster.left()).toEqual([]);
});

test("what a failed attempt left in its checkpoint is what the next one finds, a whole folder", async () => {
  const bench = await openBench();
  const lines = [
    'cd "$SCANFLOW_CHECKPOINT"; cat epoch deep/er/state 2>/dev/null; readlink latest',
    'mkdir -p deep/er; echo "state $SCANFLOW_ATTEMPT" > deep/er/state; ln -sf deep/er/state latest',
    'printf "epoch %s\\n" "$SCANFLOW_ATTEMPT" > epoch; chmod +x epoch; exit "$((2 - SCANFLOW_ATTEMPT))"',
  ];
  const first = bench.start({ command: shell(lines.join("; ")), environment, retry });
  expect(errorOf(await first.done)).toMatchObject({ code: "SCANFLOW_TASK_FAILED" });
  expect(await kept(first.spec, "deep/er/state")).toBe("state 1\n");
  const second = bench.start(next(first));
  expect(await second.done).toMatchObject({ kind: "succeeded" });
  expect(second.lines).toEqual(["epoch 1", "state 1", "deep/er/state"]);
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a pod whose task needs none has no attendant", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command: shell("true"), environment });
  await attempt.begun;
  expect(containersOf()).toEqual(["fetch", "main", "publish"]);
  expect(await attempt.done).toMatchObject({ kind: "succeeded" });
});
