import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { Docker } from "../../../packages/scanflow/src/docker/index.ts";
import { ownerGateway } from "../../../packages/scanflow/src/gateway/index.ts";
import { Images, recipeOf } from "../../../packages/scanflow/src/images/index.ts";
import {
  type Bench,
  errorOf,
  openBenchOf,
  output,
  type Started,
} from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { applicationFiles } from "../../../packages/scanflow/src/runners/code/application-files.ts";
import { kubernetesRunner, type PodImages } from "../../../packages/scanflow/src/runners/kubernetes/index.ts";
import type { AttemptSpec } from "../../../packages/scanflow/src/runners/runner.ts";
import { folderOf, scanflow, start } from "../../cli.test.support.ts";
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

test("a command that fails at once fails with its own code, and its log holds what it wrote alone", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command: shell("echo only this; exit 3"), environment, retry });
  expect(errorOf(await attempt.done)).toMatchObject({
    code: "SCANFLOW_TASK_FAILED",
    message: expect.stringMatching(/exit code 3/),
  });
  expect(attempt.lines).toEqual(["only this"]);
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("what a command writes as it is cancelled is in its checkpoint, and its Job is gone when that is told", async () => {
  const bench = await openBench();
  const line =
    "trap 'echo late > \"$SCANFLOW_CHECKPOINT/state\"; exit 0' TERM; echo up; while :; do sleep 0.1; done";
  const attempt = bench.start({ command: shell(line), environment, retry });
  await attempt.said("up");
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(cluster.left()).toEqual([]);
  expect(await kept(attempt.spec, "state")).toBe("late\n");
});

test("a command that ran out of time leaves its checkpoint to the next attempt", async () => {
  const bench = await openBench();
  const line = 'trap exit TERM; echo kept > "$SCANFLOW_CHECKPOINT/state"; while :; do sleep 0.1; done';
  const timeout = { startMs: null, runMs: 1500, heartbeatMs: null };
  const attempt = bench.start({ command: shell(line), environment, retry, timeout });
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_RUN" });
  expect(await kept(attempt.spec, "state")).toBe("kept\n");
});

test("an output that was not written fails the attempt, whose checkpoint is kept", async () => {
  const bench = await openBench();
  const outputs = { model: output({ path: "model" }) };
  const line = 'echo kept > "$SCANFLOW_CHECKPOINT/state"';
  const attempt = bench.start({ command: shell(line), environment, retry, outputs });
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_OUTPUT_MISSING" });
  expect(await kept(attempt.spec, "state")).toBe("kept\n");
});

test("of an attempt that is lost with its node there is what was handed in, and nothing comes after its end", async () => {
  const bench = await openBench();
  const line =
    'trap exit TERM; cd "$SCANFLOW_CHECKPOINT"; i=0; while :; do i=$((i+1)); echo $i > state; for n in 1 2 3 4 5 6; do sleep 0.5; done; done';
  const attempt = bench.start({ command: shell(line), environment, retry });
  await expect.poll(() => kept(attempt.spec, "state"), { timeout: 20_000 }).toMatch(/^\d+\n$/);
  // The record goes, as that of a node that is cut off does; what runs there does not hear of it.
  const [pod] = cluster.api.store.list("pods");
  if (pod) cluster.api.store.remove("pods", pod);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_POD_LOST" });
  const last = await kept(attempt.spec, "state");
  await pause(8000);
  expect(await kept(attempt.spec, "state")).toBe(last);
});

test("an attendant that crashes is started again, and its end is not the attempt's", async () => {
  const bench = await openBench();
  const line =
    'cd "$SCANFLOW_CHECKPOINT"; echo 1 > state; while [ ! -e /tmp/go ]; do sleep 0.1; touch "$SCANFLOW_HEARTBEAT_FILE"; i=$((i+1)); [ "$i" -gt 80 ] && break; done; echo 2 > state; exit 3';
  const attempt = bench.start({ command: shell(line), environment, retry, ...heartbeat(3000) });
  await attempt.begun;
  const status = () => {
    const { initContainerStatuses = [] } = (cluster.api.store.list("pods")[0]?.status ?? {}) as {
      initContainerStatuses?: { name: string; restartCount: number; state: object }[];
    };
    return initContainerStatuses.find(({ name }) => name === "attend");
  };
  const name = cluster.api.store.list("pods")[0]?.metadata.name ?? "";
  await cluster.kubelet.container(name, "attend")?.stop(0);
  await expect.poll(status).toMatchObject({ restartCount: 1, state: { running: {} } });
  expect(errorOf(await attempt.done)).toMatchObject({
    code: "SCANFLOW_TASK_FAILED",
    message: expect.stringMatching(/exit code 3/),
  });
  expect(await kept(attempt.spec, "state")).toBe("2\n");
});

const application = {
  "scanflow.yaml": `application: lab
workflows:
  long:
    nodes:
      long:
        run: sh long.sh
        environment: { image: "debian:bookworm-slim" }
        timeout: { heartbeat: 4s }
        retry: { limit: 1, delay: 1s }
        outputs: { text: text.txt }
`,
  "long.sh": `cat "$SCANFLOW_CHECKPOINT/state" > "$SCANFLOW_OUTPUT_TEXT" 2>/dev/null && exit 0
i=0; while [ $i -lt 120 ]; do i=$((i+1)); touch "$SCANFLOW_HEARTBEAT_FILE"; echo "beat $i"; sleep 0.1; done
echo "of attempt $SCANFLOW_ATTEMPT" > "$SCANFLOW_CHECKPOINT/state"; exit 7
`,
};

test("over the end of its owner a command keeps its heartbeat, and what it left comes to its next attempt", async () => {
  const variables = { ...inject("docker"), ...cluster.environment };
  const folder = await folderOf(application);
  const owner = start(folder, ["run", "--on", "kubernetes"], { env: variables });
  await owner.saw("beat 5");
  owner.child.kill("SIGKILL");
  await owner.ended;
  await pause(5000);
  const resumed = await scanflow(folder, ["resume", "--on", "kubernetes"], { env: variables });
  expect(resumed).toMatchObject({ code: 0 });
  const shown = await scanflow(folder, ["show", "latest", "--json"]);
  expect(JSON.parse(shown.stdout).tasks).toMatchObject([{ id: "long", status: "succeeded", attempts: 2 }]);
  const log = await scanflow(folder, ["logs", "latest", "long", "--attempt", "1"]);
  expect(log.stdout.split("\n").filter((line) => line.includes("attend"))).toEqual([]);
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a plan with a heartbeat timeout is refused by a cluster without sidecars, with the task and what to change", async () => {
  cluster.api.options = { ...cluster.api.options, version: { major: "1", minor: "28" } };
  const folder = await folderOf(application);
  const env = { ...inject("docker"), ...cluster.environment };
  const refused = await scanflow(folder, ["run", "--on", "kubernetes"], { env });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /SCANFLOW_POD_UNSUPPORTED[\s\S]*Task "long" has a timeout\.heartbeat[\s\S]*1\.28[\s\S]*1\.29/,
  );
  expect(cluster.left()).toEqual([]);
});

test("a pod whose task needs none has no attendant", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command: shell("true"), environment });
  await attempt.begun;
  expect(containersOf()).toEqual(["fetch", "main", "publish"]);
  expect(await attempt.done).toMatchObject({ kind: "succeeded" });
});
