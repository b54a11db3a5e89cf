import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorOf, output } from "../runners/bench.test.support.ts";
import { Ports } from "../runners/service/ports.ts";
import { listProcesses } from "../shim/child/processes.ts";
import { gatewayBench } from "./gateway.test.support.ts";

const sh = (line: string) => ({ kind: "command", command: line }) as const;
const worker = (bench: { door: { url: string } }) => ({
  SCANFLOW_GATEWAY: bench.door.url,
  SCANFLOW_GATEWAY_TOKEN: "of-all-workers",
});

/** Whether a process runs; what has ended may yet wait to be noticed. */
function runs(pid: number): boolean {
  return listProcesses().some((one) => one.pid === pid && !one.ended);
}

test("a worker carries out the instances of its task one after the other, until it hears that there are no more", async () => {
  const bench = await gatewayBench();
  const shim = bench.shim(["run", "train[*]/fit"], worker(bench));
  const one = bench.offer({ task: "train[0]/fit", command: sh("echo one") }, { to: "worker" });
  const two = bench.offer({ task: "train[1]/fit", command: sh("echo two") }, { to: "worker" });
  const other = bench.offer({ task: "other", command: sh("echo other") }, { to: "worker" });
  expect((await one.attempt.done).kind).toBe("succeeded");
  expect((await two.attempt.done).kind).toBe("succeeded");
  expect(two.lines).toEqual(["two"]);
  bench.door.ended({ task: "train[*]/fit", status: "succeeded" });
  expect((await shim.exit).code).toBe(0);
  expect(other.lines).toEqual([]);
  await bench.door.told(["train[*]/fit"], 10_000);
});

test("the command of a worker looks for its tracker where the worker has found the gateway", async () => {
  // As in a Compose project: it listens everywhere, and each container knows it by a name.
  const bench = await gatewayBench({ host: "0.0.0.0" });
  const found = `http://localhost:${bench.door.port}`;
  bench.shim(["run", "t"], { ...worker(bench), SCANFLOW_GATEWAY: found });
  const tracking = { uri: "http://tracker:8003", experimentId: "1", runId: "run-of-t" };
  const command = sh("echo $MLFLOW_TRACKING_URI");
  const one = bench.offer({ task: "t", command, tracking }, { to: "worker" });
  expect((await one.attempt.done).kind).toBe("succeeded");
  expect(one.lines).toEqual([found]);
});

test.each(["skipped", "failed", "cancelled"] as const)(
  "a worker whose task was %s ends well and says so: what follows is the engine's to decide",
  async (status) => {
    const bench = await gatewayBench();
    bench.door.ended({ task: "t", status });
    const shim = bench.shim(["run", "t"], worker(bench));
    expect((await shim.exit).code).toBe(0);
    expect(shim.output()).toContain(`task t: ${status}`);
  },
);

test("a service is up once its worker's own address answers for it, stays as long as it is wanted, and is tried again", async () => {
  const bench = await gatewayBench();
  const service = {
    port: await new Ports().take(null, ""),
    health: "/health",
    replicas: 1,
    maxReplicas: null,
  };
  const serve = `require("node:http")
    .createServer((request, answer) => {
      answer.statusCode = request.url === "/health" && !require("node:fs").existsSync("ready") ? 503 : 200;
      answer.end("from " + process.env.SCANFLOW_ATTEMPT);
    })
    .listen(process.env.SCANFLOW_PORT, process.env.SCANFLOW_HOST, () => console.log("listens"))`;
  const command = { kind: "command", command: [process.execPath, "-e", serve] } as const;
  bench.shim(["run", "up"], worker(bench));
  const first = bench.offer({ task: "up", command, service }, { to: "worker" });
  await expect.poll(() => first.lines).toEqual(["listens"]);
  const early = await Promise.race([first.up, Promise.resolve("not yet")]);
  expect(early).toBe("not yet");
  await writeFile(join(bench.root, "ready"), "");
  const url = await first.up;
  expect(await (await fetch(url)).text()).toBe("from 1");
  first.attempt.cancel();
  expect(await first.attempt.done).toEqual({ kind: "cancelled" });
  await expect(fetch(url)).rejects.toThrow();
  const second = bench.offer({ task: "up", attempt: 2, command, service }, { to: "worker" });
  expect(await (await fetch(await second.up)).text()).toBe("from 2");
  // A shim that is killed with the test would leave it behind.
  second.attempt.cancel();
  expect(await second.attempt.done).toEqual({ kind: "cancelled" });
});

test("several workers of a task share its instances", async () => {
  const bench = await gatewayBench();
  const held = (id: number) =>
    bench.offer(
      {
        task: `m[${id}]`,
        command: sh(`touch ${bench.root}/${id}; until test -e ${bench.root}/go; do sleep 0.05; done`),
      },
      { to: "worker" },
    );
  const offered = [held(0), held(1)];
  bench.shim(["run", "m[*]"], worker(bench));
  bench.shim(["run", "m[*]"], { ...worker(bench), SCANFLOW_FOLDER: join(bench.site.folder, "second") });
  await Promise.all(offered.map(({ begun }) => begun));
  await writeFile(join(bench.root, "go"), "");
  for (const { attempt } of offered) expect((await attempt.done).kind).toBe("succeeded");
});

test("the token of all workers opens nothing without a task, and no other token opens a claim", async () => {
  const bench = await gatewayBench();
  const without = bench.shim(["run"], worker(bench));
  expect((await without.exit).code).toBe(70);
  expect(without.output()).toContain("has to name the task");
  const wrong = bench.shim(["run", "t"], { ...worker(bench), SCANFLOW_GATEWAY_TOKEN: "guessed" });
  expect((await wrong.exit).code).toBe(70);
  expect(wrong.output()).toContain("The token is missing or unknown");
});

test("an attempt whose worker is killed is lost, may be tried again, and its late answers are refused", async () => {
  const bench = await gatewayBench({ beatMs: 100 });
  const offered = bench.offer({ task: "t", command: sh("sleep 60") }, { to: "worker" });
  const shim = bench.shim(["run", "t"], worker(bench));
  await offered.begun;
  shim.child.kill("SIGKILL");
  expect(errorOf(await offered.attempt.done)).toMatchObject({
    code: "SCANFLOW_ATTEMPT_LOST",
    retryable: true,
    message: expect.stringContaining("no sign of life"),
  });
});

test("a worker that was taken for lost hears it, ends its command, and goes on with the next attempt", async () => {
  const bench = await gatewayBench({ beatMs: 100 });
  const pid = join(bench.root, "pid");
  const first = bench.offer({ task: "t", command: sh(`echo $$ > ${pid}; exec sleep 60`) }, { to: "worker" });
  const shim = bench.shim(["run", "t"], worker(bench));
  await first.begun;
  await expect.poll(() => readFile(pid, "utf8").catch(() => "")).toMatch(/\d/);
  shim.child.kill("SIGSTOP");
  expect(errorOf(await first.attempt.done).code).toBe("SCANFLOW_ATTEMPT_LOST");
  const second = bench.offer({ task: "t", attempt: 2, command: sh("echo again") }, { to: "worker" });
  shim.child.kill("SIGCONT");
  expect((await second.attempt.done).kind).toBe("succeeded");
  expect(shim.output()).toContain("is not wanted any more");
  const gone = Number(await readFile(pid, "utf8"));
  expect(runs(gone)).toBe(false);
});

test("cancelling ends the command and its whole group at once, with time to end in order", async () => {
  const bench = await gatewayBench({ beatMs: 30_000 });
  const offered = bench.offer({
    command: sh(
      `trap 'echo bye > ${bench.root}/bye; exit 1' TERM; sleep 60 & echo $! > ${bench.root}/child; wait`,
    ),
  });
  const shim = bench.shim(["run"], offered.attempt.variables);
  await offered.begun;
  await expect.poll(() => readFile(join(bench.root, "child"), "utf8").catch(() => "")).toMatch(/\d/);
  offered.attempt.cancel();
  expect(await offered.attempt.done).toEqual({ kind: "cancelled" });
  expect(await readFile(join(bench.root, "bye"), "utf8")).toBe("bye\n");
  expect((await shim.exit).code).toBe(1);
  const child = Number(await readFile(join(bench.root, "child"), "utf8"));
  expect(runs(child)).toBe(false);
});

test("a command that hears nothing is killed after its grace", async () => {
  const bench = await gatewayBench({ graceMs: 100 });
  const offered = bench.offer({ command: sh("trap '' TERM; echo deaf; while :; do sleep 1; done") });
  bench.shim(["run"], offered.attempt.variables);
  await expect.poll(() => offered.lines).toEqual(["deaf"]);
  offered.attempt.cancel();
  expect(await offered.attempt.done).toEqual({ kind: "cancelled" });
});

test("what waits for a worker is cancelled, or out of time, without one", async () => {
  const bench = await gatewayBench();
  const waiting = bench.offer({ task: "t" }, { to: "worker" });
  waiting.attempt.cancel();
  expect(await waiting.attempt.done).toEqual({ kind: "cancelled" });
  const timeout = { startMs: 10, runMs: null, heartbeatMs: null };
  const late = bench.offer({ task: "t", timeout }, { to: "worker" });
  expect(errorOf(await late.attempt.done).code).toBe("SCANFLOW_TIMEOUT_START");
});

test("time limits hold: of the run, and of silence", async () => {
  const bench = await gatewayBench();
  const limits = { startMs: null, runMs: null, heartbeatMs: null };
  const long = await bench.carry({ command: sh("sleep 60"), timeout: { ...limits, runMs: 200 } });
  expect(errorOf(long.outcome).code).toBe("SCANFLOW_TIMEOUT_RUN");
  const silent = await bench.carry({
    command: sh(
      "for i in 1 2 3 4 5 6; do touch $SCANFLOW_HEARTBEAT_FILE; sleep 0.4; done; echo beaten; exec sleep 60",
    ),
    timeout: { ...limits, heartbeatMs: 2000 },
  });
  expect(errorOf(silent.outcome).code).toBe("SCANFLOW_TIMEOUT_HEARTBEAT");
  expect(silent.lines).toEqual(["beaten"]);
});

test("a shim that is told to end takes its command along, and its attempt may be tried again", async () => {
  const bench = await gatewayBench();
  const offered = bench.offer({ command: sh("echo up; sleep 60") });
  const shim = bench.shim(["run"], offered.attempt.variables);
  await expect.poll(() => offered.lines).toEqual(["up"]);
  shim.child.kill("SIGTERM");
  expect(errorOf(await offered.attempt.done)).toMatchObject({
    code: "SCANFLOW_ATTEMPT_LOST",
    retryable: true,
    message: expect.stringContaining("was stopped"),
  });
  expect((await shim.exit).code).not.toBe(0);
});

test("who claims an attempt again has it alone", async () => {
  const bench = await gatewayBench();
  const offered = bench.offer({
    command: sh(`echo $$ >> ${bench.root}/who; until test -e ${bench.root}/go; do sleep 0.05; done`),
    outputs: { o: output({ path: "o", optional: true }) },
  });
  const first = bench.shim(["run"], offered.attempt.variables);
  await offered.begun;
  const second = bench.shim(["run"], {
    ...offered.attempt.variables,
    SCANFLOW_FOLDER: join(bench.site.folder, "second"),
  });
  expect((await first.exit).code).toBe(1);
  expect(first.output()).toContain("is not wanted any more");
  await writeFile(join(bench.root, "go"), "");
  expect((await offered.attempt.done).kind).toBe("succeeded");
  expect((await second.exit).code).toBe(0);
});

test("a platform that runs the command itself has its inputs fetched before and its outputs published after", async () => {
  const bench = await gatewayBench();
  await bench.write("in.txt", "hello");
  const { digest } = await bench.artifacts.publish(join(bench.root, "in.txt"));
  const offered = bench.offer(
    {
      command: sh("cp {{inputs.a}} {{outputs.b}}"),
      inputs: { a: digest },
      inputFiles: { a: "in.txt" },
      outputs: { b: output({ path: "b" }) },
    },
    { runs: false },
  );
  expect((await bench.shim(["fetch"], offered.attempt.variables).exit).code).toBe(0);
  offered.attempt.started();
  const log = offered.attempt.log();
  log.write(Buffer.from("said by the platform\n"));
  log.end();
  await writeFile(
    join(bench.site.folder, "outputs/b"),
    await readFile(join(bench.site.folder, "inputs/a.txt")),
  );
  offered.attempt.exited({ code: 0, signal: null });
  expect((await bench.shim(["publish"], offered.attempt.variables).exit).code).toBe(0);
  expect(await offered.attempt.done).toMatchObject({ kind: "succeeded", outputs: { b: digest } });
  expect(offered.lines).toEqual(["said by the platform"]);
});

test("a platform tells that the command failed, or that all is gone", async () => {
  const bench = await gatewayBench();
  const failing = bench.offer({ command: sh("true") }, { runs: false });
  failing.attempt.exited({ code: 4, signal: null });
  expect(errorOf(await failing.attempt.done)).toMatchObject({
    code: "SCANFLOW_TASK_FAILED",
    message: expect.stringContaining("exit code 4"),
  });
  const evicted = bench.offer({ command: sh("true") }, { runs: false });
  evicted.attempt.gone({
    kind: "failed",
    code: "SCANFLOW_ATTEMPT_LOST",
    message: "evicted",
    retryable: true,
  });
  expect(errorOf(await evicted.attempt.done).message).toBe("evicted");
  const late = bench.shim(["publish"], evicted.attempt.variables);
  expect((await late.exit).code).toBe(70);
  expect(late.output()).toContain("This attempt is over");
});

test.each(["", "192.0.2.1", "no-such-host.invalid"])(
  "a door at %j, which is no address of this machine, is refused",
  async (host) => {
    await expect(gatewayBench({ host })).rejects.toMatchObject({ code: "SCANFLOW_GATEWAY_ADDRESS" });
  },
);
