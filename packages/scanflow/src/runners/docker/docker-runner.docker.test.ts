import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { dockerEnvironment, testDaemon, testImage } from "../../docker/daemon.test.support.ts";
import { inspectImage, listContainers, listNetworks, removeContainer } from "../../docker/index.ts";
import { type Bench, errorOf, openBenchOf, output } from "../bench.test.support.ts";
import { type DockerRunnerOptions, dockerRunner } from "./docker-runner.ts";
import { GroupNetworks } from "./group-networks.ts";
import { filterOf, ownerLabel } from "./labels.ts";

const docker = await testDaemon();
afterAll(() => docker.close());

const environment = { kind: "image" as const, image: testImage };
const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });
const never = { startMs: null, runMs: null, heartbeatMs: null };

interface DockerBench extends Bench {
  readonly state: string;
}

async function openBench(options: Partial<DockerRunnerOptions> = {}): Promise<DockerBench> {
  let state = "";
  const bench = await openBenchOf(({ artifacts, folder, root }) => {
    state = folder;
    return dockerRunner({
      ...{ artifacts, root, state, graceMs: 500, environment: dockerEnvironment() },
      ...options,
    });
  });
  return { ...bench, state };
}

/** What is left in the daemon of a state folder. */
async function leftOf({ state }: DockerBench): Promise<readonly string[]> {
  const filter = filterOf(ownerLabel(state));
  const containers = await listContainers(docker, filter);
  const networks = await listNetworks(docker, filter);
  return [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => Name)];
}

test("a command finds the node contract, reads what it may and writes where it may, as nobody special", async () => {
  const bench = await openBench();
  await bench.write("data.txt", "of the application\n");
  const { digest } = await bench.artifacts.publish(await bench.write("given.csv", "a,b\n1,2\n"));
  const lines = [
    'cat data.txt "$SCANFLOW_INPUT_ROWS"; cat "$SCANFLOW_PARAMS_FILE"; echo; id -u; pwd; echo "$HOME"',
    'for place in data.txt "$SCANFLOW_INPUT_ROWS" /x /etc/x; do touch "$place" 2>/dev/null || echo refused; done; touch /tmp/x && echo scratch',
    "grep -E 'CapEff|NoNewPrivs' /proc/self/status | tr -d '\\t'",
    'echo made > "$SCANFLOW_OUTPUT_TABLE"; echo {\\"rows\\": 1} > "$SCANFLOW_RESULT_FILE"; touch "$SCANFLOW_CHECKPOINT/kept"',
  ];
  const attempt = bench.start({
    command: shell(lines.join("; ")),
    environment,
    inputs: { rows: digest },
    inputFiles: { rows: "given.csv" },
    outputs: { table: output({ path: "deep/er/table.txt", type: "text" }) },
    params: { rate: 0.1 },
  });
  const outcome = await attempt.done;
  expect(attempt.lines).toEqual([
    ...["of the application", "a,b", "1,2", '{"rate":0.1}', "1000", "/app", "/tmp"],
    ...["refused", "refused", "refused", "refused", "scratch"],
    ...["CapEff:0000000000000000", "NoNewPrivs:1"],
  ]);
  expect(outcome).toMatchObject({ kind: "succeeded", result: { rows: 1 } });
  if (outcome.kind !== "succeeded") return;
  const { stream } = await bench.artifacts.open(String(outcome.outputs.table));
  expect((await buffer(stream)).toString()).toBe("made\n");
  expect(await readFile(join(attempt.spec.checkpoint, "kept"), "utf8")).toBe("");
  await bench.runner.leave?.(attempt.spec.run);
  await expect.poll(() => leftOf(bench)).toEqual([]);
});

test("links among the outputs that lead to the task's own files are kept as a process would leave them", async () => {
  const bench = await openBench();
  const lines = [
    'cd "$SCANFLOW_OUTPUT_MODELS" && echo one > "$PWD/1.bin" && ln -s "$PWD/1.bin" latest',
    'ln -s "$PWD/1.bin" "$SCANFLOW_OUTPUT_BEST"',
  ];
  const outputs = { models: output({ path: "models", type: "folder" }), best: output({ path: "best" }) };
  const command = shell(['mkdir "$SCANFLOW_OUTPUT_MODELS"', ...lines].join("; "));
  const outcome = await bench.start({ command, environment, outputs }).done;
  if (outcome.kind !== "succeeded") throw new Error(JSON.stringify(outcome));
  expect(await bench.artifacts.entries(String(outcome.outputs.models))).toContainEqual(
    expect.objectContaining({ kind: "link", path: "latest", link: "1.bin" }),
  );
  const { stream } = await bench.artifacts.open(String(outcome.outputs.best));
  expect((await buffer(stream)).toString()).toBe("one\n");
  const led = shell('ln -s /etc/hostname "$SCANFLOW_OUTPUT_BEST"');
  const refused = bench.start({ command: led, environment, outputs: { best: output({ path: "best" }) } });
  expect(errorOf(await refused.done).message).toContain("outside the task's folder");
});

test("a command that fails is quoted, and one that is not in the image is named with it", async () => {
  const bench = await openBench();
  const failed = errorOf(
    await bench.start({ command: shell("echo going; echo wrong >&2; exit 3"), environment }).done,
  );
  expect(failed).toMatchObject({ code: "SCANFLOW_TASK_FAILED", retryable: true });
  expect(failed.message).toMatch(/exit code 3[\s\S]*(going[\s\S]*wrong|wrong[\s\S]*going)/);
  const cases = [
    [["no-such-command"], "SCANFLOW_COMMAND_NOT_FOUND", /"no-such-command".*is not in the image debian/],
    [["/etc/passwd"], "SCANFLOW_COMMAND_DENIED", /"\/etc\/passwd".*may not be run/],
    ["no-such-command | cat; exit 127", "SCANFLOW_COMMAND_NOT_FOUND", /no-such-command/],
  ] as const;
  for (const [command, code, says] of cases) {
    const error = errorOf(await bench.start({ command: { kind: "command", command }, environment }).done);
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.message).toMatch(says);
  }
});

test("a task that needs more memory than it may have is told so", async () => {
  const bench = await openBench();
  const resources = { cpu: 0.5, memory: 32 * 1024 * 1024, gpu: 0, storage: 0 };
  const command = shell("head -c 200000000 /dev/zero | tail -c 1");
  // `tail` keeps no more than it needs; a shell variable keeps all.
  const hungry = shell('x=$(head -c 100000000 /dev/zero | tr "\\0" x); echo "$x" | wc -c');
  expect((await bench.start({ command, environment, resources }).done).kind).toBe("succeeded");
  const error = errorOf(await bench.start({ command: hungry, environment, resources }).done);
  expect(error.message).toMatch(/needed more than its 33554432 bytes of memory/);
});

test("a task that needs a GPU where there is none is told what to do", async () => {
  const bench = await openBench();
  const resources = { cpu: 0, memory: 0, gpu: 1, storage: 0 };
  const error = errorOf(await bench.start({ command: shell("true"), environment, resources }).done);
  expect(error.message).toMatch(/could not select device driver.*NVIDIA Container Toolkit/);
});

test("an attempt is ended by its timeouts and by cancelling it, by force where it must be", async () => {
  const bench = await openBench();
  const slow = bench.start({ command: shell("sleep 60"), environment, timeout: { ...never, runMs: 300 } });
  expect(errorOf(await slow.done).code).toBe("SCANFLOW_TIMEOUT_RUN");
  const silent = bench.start({
    command: shell('for i in 1 2 3; do touch "$SCANFLOW_HEARTBEAT_FILE"; sleep 0.2; done; sleep 60'),
    environment,
    timeout: { ...never, heartbeatMs: 600 },
  });
  expect(errorOf(await silent.done).code).toBe("SCANFLOW_TIMEOUT_HEARTBEAT");
  const polite = bench.start({
    command: shell('trap "echo bye; exit" TERM; echo up; sleep 60 & wait'),
    environment,
  });
  await polite.said("up");
  polite.cancel();
  expect(await polite.done).toMatchObject({ kind: "cancelled" });
  expect(polite.lines).toContain("bye");
  const stubborn = bench.start({
    command: shell('trap "" TERM; echo up; while true; do sleep 1; done'),
    environment,
  });
  await stubborn.said("up");
  stubborn.cancel();
  expect(await stubborn.done).toMatchObject({ kind: "cancelled" });
});

test("a container that somebody removes while it runs is told as that", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command: shell("echo up; sleep 60"), environment });
  await attempt.said("up");
  const [container] = await listContainers(docker, filterOf(ownerLabel(bench.state)));
  await removeContainer(docker, String(container?.Id));
  const error = errorOf(await attempt.done);
  expect(error).toMatchObject({ code: "SCANFLOW_ATTEMPT_LOST", retryable: true });
  expect(error.message).toContain("was removed by somebody else");
});

test("secrets reach the command and are hidden in its log", async () => {
  const bench = await openBench({ environment: { ...dockerEnvironment(), API_KEY: "s3cr3t-w0rd" } });
  const attempt = bench.start({
    command: shell('[ "$API_KEY" = s3cr3t-w0rd ] && echo "is $API_KEY"'),
    environment,
    secrets: ["API_KEY"],
  });
  expect((await attempt.done).kind).toBe("succeeded");
  expect(attempt.lines).toEqual(["is ***"]);
});

test("what it used is measured while it runs, and which image that was", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"),
    environment,
  });
  const outcome = await attempt.done;
  if (outcome.kind !== "succeeded") throw new Error(JSON.stringify(outcome));
  expect(outcome.usage.cpuMs).toBeGreaterThan(10);
  expect(outcome.usage.peakMemory).toBeGreaterThan(10_000);
  expect(outcome.usage.image).toBe((await inspectImage(docker, testImage))?.Id);
});

test("the state folder is not seen", async () => {
  let state = "";
  const bench = await openBenchOf(({ artifacts, root }) => {
    state = join(root, ".scanflow");
    return dockerRunner({ artifacts, root, state, environment: dockerEnvironment() });
  });
  await bench.write(".scanflow/server.json", "a token");
  const attempt = bench.start({
    command: shell("ls -A /app/.scanflow 2>&1; cat /app/.scanflow/server.json"),
    environment,
  });
  expect(errorOf(await attempt.done).message).not.toContain("a token");
  expect(state).toContain(".scanflow");
});

test("attempts of one workflow of a run reach each other by no other network, which goes with the run", async () => {
  const bench = await openBench();
  const origin = { application: "app", workflow: "first", group: "" };
  const one = bench.start({ command: shell("hostname -i; sleep 60"), environment, origin });
  const other = bench.start({
    command: shell("hostname -i; sleep 60"),
    environment,
    origin: { ...origin, group: "nested" },
  });
  const [first, second] = await Promise.all([one.said("."), other.said(".")]);
  expect(first.split(".").slice(0, 3)).not.toEqual(second.split(".").slice(0, 3));
  expect((await leftOf(bench)).filter((name) => !name.startsWith("/")).sort()).toEqual([
    "scanflow-run-1-first",
    "scanflow-run-1-nested",
  ]);
  one.cancel();
  other.cancel();
  await Promise.all([one.done, other.done]);
  await expect.poll(async () => (await leftOf(bench)).filter((name) => name.startsWith("/"))).toEqual([]);
  await bench.runner.leave?.("run-1");
  expect(await leftOf(bench)).toEqual([]);
});

test("a network that nothing is attached to yet is known as this machine's, where it is", async () => {
  const owner = ownerLabel("/nowhere/but/here");
  const networks = new GroupNetworks({ docker, owner, gateway: undefined });
  expect(await networks.need({ run: "network-test" })).toMatchObject({ isOurs: true, hosts: [] });
  await networks.close();
  expect(await listNetworks(docker, filterOf(owner))).toEqual([]);
});

const serviceSettings = { port: null, replicas: 1, maxReplicas: null, health: null };
/** A server. The first replica, which has a port of this machine, is later than the others. */
const listenOn = `mkdir "$SCANFLOW_CHECKPOINT/first" 2>/dev/null && sleep 1; exec perl -MIO::Socket::INET -e '
  my $server = IO::Socket::INET->new(LocalAddr => $ENV{SCANFLOW_HOST}, LocalPort => $ENV{SCANFLOW_PORT}, Listen => 5, ReuseAddr => 1) or die;
  $| = 1; print "listens\\n";
  while (my $client = $server->accept) { while (<$client>) { last if /^\\r?$/ } print $client "HTTP/1.0 200 OK\\r\\n\\r\\nhello from $ENV{HOSTNAME}"; close $client; }'`;

test("a service is ready once it can be asked, under the name of its node in its network and at a port of this machine", async () => {
  const bench = await openBench();
  const ready = Promise.withResolvers<string>();
  const service = bench.start(
    {
      task: "serve/greet",
      command: shell(listenOn),
      environment,
      service: { ...serviceSettings, replicas: 2, health: "/" },
    },
    { ready: ready.resolve },
  );
  expect(await ready.promise).toBe("http://greet:8080");
  const here = (await service.said("from this machine")).match(/http:\S+/)?.[0] ?? "";
  expect(await (await fetch(here)).text()).toContain("hello from");
  const ask = bench.start({
    command: {
      kind: "command",
      command: [
        "perl",
        "-MIO::Socket::INET",
        "-e",
        'my $s = IO::Socket::INET->new("greet:8080") or die; print $s "GET / HTTP/1.0\\r\\n\\r\\n"; print <$s>;',
      ],
    },
    environment,
    services: { greet: "http://greet:8080" },
  });
  expect((await ask.done).kind).toBe("succeeded");
  expect(ask.lines.join("\n")).toContain("hello from");
  service.cancel();
  expect(await service.done).toMatchObject({ kind: "cancelled", usage: { cpuMs: expect.anything() } });
  await bench.runner.leave?.(ask.spec.run);
  await expect.poll(() => leftOf(bench)).toEqual([]);
});

test("a service whose replica ends by itself has failed, and nothing of it stays", async () => {
  const bench = await openBench();
  const service = bench.start({
    command: shell("sleep 0.3; exit 4"),
    environment,
    service: { ...serviceSettings, replicas: 2 },
  });
  expect(errorOf(await service.done).message).toContain("exit code 4");
  await bench.runner.leave?.(service.spec.run);
  await expect.poll(() => leftOf(bench)).toEqual([]);
});
