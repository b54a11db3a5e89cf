import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { Docker } from "../../../packages/scanflow/src/docker/index.ts";
import { ownerGateway } from "../../../packages/scanflow/src/gateway/index.ts";
import { Images, recipeOf } from "../../../packages/scanflow/src/images/index.ts";
import {
  type Bench,
  errorOf,
  openBenchOf,
  output,
} from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { applicationFiles } from "../../../packages/scanflow/src/runners/code/application-files.ts";
import { kubernetesRunner, type PodImages } from "../../../packages/scanflow/src/runners/kubernetes/index.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";

const env = { ...process.env, ...inject("docker") };
const debian = "debian:bookworm-slim";
const python = "python:3.11-slim-bookworm";
const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });
const image = (name: string) => ({ kind: "image" as const, image: name });

let docker: Docker;
let shim: Awaited<ReturnType<PodImages>>["shim"];
let cluster: FakeCluster;

beforeAll(async () => {
  docker = await Docker.open({ env });
  const request = { root: "/nowhere", application: "kubernetes-test", shim: true, env };
  const recipe = await recipeOf({ task: "shim", command: shell(""), environment: image(debian) }, request);
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
      gateway: ownerGateway({ artifacts, environment: { API_KEY: "very secret" } }),
      stateDir: folder,
      environment: { ...process.env, ...cluster.environment },
      images: async ({ environment }) => ({
        main: environment.kind === "image" ? environment.image : debian,
        shim,
      }),
      mayGoOn: async () => true,
      code: applicationFiles({ root, artifacts }),
    }),
  );
}

test("a command in its own image finds the node contract, reads what it may, writes where it may, and hands in", async () => {
  const bench = await openBench();
  await bench.write("data.txt", "of the application\n");
  const { digest } = await bench.artifacts.publish(await bench.write("given.csv", "a,b\n1,2\n"));
  const lines = [
    'cat data.txt "$SCANFLOW_INPUT_ROWS"; cat "$SCANFLOW_PARAMS_FILE"; echo; id -u; pwd; echo "$HOME"',
    'for place in data.txt "$SCANFLOW_INPUT_ROWS" /x /etc/x; do touch "$place" 2>/dev/null || echo refused; done; touch /tmp/x && echo scratch',
    "grep -E 'CapEff|NoNewPrivs' /proc/self/status | tr -d '\\t'",
    'echo "key $API_KEY" "$GREETING"; test -z "$SCANFLOW_GATEWAY_TOKEN" && echo no gateway',
    'echo made > "$SCANFLOW_OUTPUT_TABLE"; echo {\\"rows\\": 1} > "$SCANFLOW_RESULT_FILE"',
  ];
  const attempt = bench.start({
    task: "größe[2]/fit",
    command: shell(lines.join("; ")),
    environment: image(debian),
    inputs: { rows: digest },
    inputFiles: { rows: "given.csv" },
    outputs: { table: output({ path: "deep/er/table.txt", type: "text" }) },
    params: { rate: 0.1 },
    env: { GREETING: "a $(HOME) $$ b" },
    secrets: ["API_KEY"],
    resources: { cpu: 1, memory: 256 * 2 ** 20, gpu: 0, storage: 0 },
  });
  const outcome = await attempt.done;
  if (outcome.kind !== "succeeded") throw new Error(JSON.stringify([outcome, attempt.lines]));
  expect(attempt.lines).toEqual([
    "of the application",
    "a,b",
    "1,2",
    '{"rate":0.1}',
    "65532",
    "/app",
    "/tmp",
    "refused",
    "refused",
    "refused",
    "refused",
    "scratch",
    "CapEff:0000000000000000",
    "NoNewPrivs:1",
    expect.stringMatching(/^key \*+ a \$\(HOME\) \$\$ b$/),
    "no gateway",
  ]);
  expect(outcome.result).toEqual({ rows: 1 });
  const table = await bench.artifacts.open(String(outcome.outputs.table));
  expect((await buffer(table.stream)).toString()).toBe("made\n");
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a failing command is told with its last lines, and nothing is handed in", async () => {
  const bench = await openBench();
  const outcome = await bench.start({
    command: shell("echo one; echo two >&2; exit 3"),
    environment: image(debian),
  }).done;
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_TASK_FAILED",
    message: expect.stringMatching(/exit code 3[\s\S]*(one\ntwo|two\none)/),
  });
  await expect.poll(() => cluster.left()).toEqual([]);
});

test("a command that needs more memory than it may use is told so", async () => {
  const bench = await openBench();
  const outcome = await bench.start({
    command: { kind: "command", command: ["python3", "-c", "x = b'x' * (1 << 29)"] },
    environment: image(python),
    resources: { cpu: 1, memory: 64 * 2 ** 20, gpu: 0, storage: 0 },
  }).done;
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_TASK_FAILED",
    message: expect.stringMatching(/needed more than its 67108864 bytes of memory/),
  });
});

test("a command that the image does not have is told so, and not tried again", async () => {
  const bench = await openBench();
  const outcome = await bench.start({
    command: { kind: "command", command: ["no-such-program"] },
    environment: image(debian),
  }).done;
  expect(outcome).toMatchObject({ kind: "failed", retryable: false });
  expect(errorOf(outcome)).toMatchObject({
    code: "SCANFLOW_COMMAND_NOT_FOUND",
    message: expect.stringMatching(/no-such-program/),
  });
});

test("an output that was not written is the task's failure", async () => {
  const bench = await openBench();
  const outcome = await bench.start({
    command: shell("true"),
    environment: image(debian),
    outputs: { model: output({ path: "model" }) },
  }).done;
  expect(errorOf(outcome)).toMatchObject({ code: "SCANFLOW_OUTPUT_MISSING" });
});

test("a cancelled command is asked to end, and its Job is gone when that is told", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done"),
    environment: image(debian),
  });
  await attempt.said("up");
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(cluster.left()).toEqual([]);
});

test("a command that is out of time is ended", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell("sleep 600"),
    environment: image(debian),
    timeout: { startMs: null, runMs: 300, heartbeatMs: null },
  });
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_RUN" });
  expect(cluster.left()).toEqual([]);
});

test("the API server may go away for a while, and streams may break, and nothing is lost or told twice", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell("for i in $(seq 1 30); do echo line $i; sleep 0.1; done"),
    environment: image(debian),
  });
  await attempt.said("line 5");
  await cluster.api.restart();
  await attempt.said("line 15");
  cluster.api.watches.expire();
  const outcome = await attempt.done;
  expect(outcome.kind).toBe("succeeded");
  const lines = attempt.lines.filter((line) => !line.startsWith("[scanflow]"));
  expect(lines).toEqual(Array.from({ length: 30 }, (_, at) => `line ${at + 1}`));
});
