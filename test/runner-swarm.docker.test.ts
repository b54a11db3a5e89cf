import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { folderOf, lastLine, scanflow, start } from "./cli.test.support.ts";
import { BASE_IMAGES } from "./platforms/base-images.ts";
import { type Registry, startRegistry } from "./platforms/registry.ts";
import { hasSwarm, type SwarmEngine, type SwarmPlatform, startSwarm } from "./platforms/swarm.ts";

const run = promisify(execFile);
let swarm: SwarmPlatform;
let registry: Registry;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  if (!hasSwarm()) return;
  swarm = await startSwarm(inject("docker"));
  registry = await startRegistry(swarm.host, 5000);
  await swarm.manager.receive(BASE_IMAGES.debian, BASE_IMAGES.node);
  await docker(swarm.manager, "node", "update", "--label-add", "disk=ssd", "worker");
  env = {
    ...process.env,
    ...swarm.manager.environment,
    SCANFLOW_GATEWAY: swarm.host,
    SCANFLOW_REGISTRY: `${registry.place}/lab`,
  };
});

afterAll(async () => {
  await registry?.stop();
  await swarm?.stop();
});

async function docker(engine: SwarmEngine, ...words: readonly string[]): Promise<string[]> {
  const { stdout } = await run("docker", words, { env: { ...process.env, ...engine.environment } });
  return stdout.split("\n").filter((line) => line !== "");
}

/** A workflow of these nodes, in an image that has nothing of Scanflow. */
function lab(nodes: Readonly<Record<string, object>>, defaults: object = {}): Promise<string> {
  const settings = {
    environment: { image: BASE_IMAGES.debian },
    resources: { cpu: 0.1 },
    cache: false,
    ...defaults,
  };
  const document = { application: "lab", workflows: { lab: { defaults: settings, nodes } } };
  return folderOf({ "scanflow.yaml": JSON.stringify(document), "notes.txt": "of the application\n" });
}

const onWorker = { placement: { labels: { disk: "ssd" } } };
const onSwarm = (...words: readonly string[]) => [...words, "--on", "swarm", "--json"];

interface Told {
  readonly event: string;
  readonly task?: string;
  readonly attempt?: number;
  readonly usage?: { readonly image?: string };
  readonly error?: { readonly code: string; readonly message: string };
}

function eventsIn(stdout: string): Told[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function logOf(folder: string, task: string): Promise<string> {
  return (await scanflow(folder, ["logs", "latest", task], { env })).stdout;
}

async function nothingIsLeft(): Promise<void> {
  const filter = ["--filter", "label=org.scanflow.owner"];
  await expect.poll(() => docker(swarm.manager, "service", "ls", "-q", ...filter)).toEqual([]);
  await expect.poll(() => docker(swarm.manager, "network", "ls", "-q", ...filter)).toEqual([]);
}

describe.runIf(hasSwarm())("on a swarm of two engines", () => {
  test("tasks run where their placement says, find code and inputs there, and hand in what they made", async () => {
    const folder = await lab({
      there: {
        run: 'cat notes.txt; echo "on $SCANFLOW_NODE as $(id -u)"; echo made > {{outputs.out}}',
        outputs: { out: { path: "deep/out.txt", type: "text" } },
        ...onWorker,
      },
      here: { run: 'echo "$(cat {{inputs.given}}) on $SCANFLOW_NODE"', inputs: { given: "there.out" } },
    });
    const { code, stdout, stderr } = await scanflow(folder, onSwarm("run"), { env });
    expect(code, stderr).toBe(0);
    const images = eventsIn(stdout).flatMap(({ usage }) => (usage ? [usage.image] : []));
    expect(images).toEqual(
      [1, 2].map(() => expect.stringMatching(/@sha256:[0-9a-f]{64}$|^sha256:[0-9a-f]{64}$/)),
    );
    expect(await logOf(folder, "there")).toMatch(/of the application\non worker as 65532\n/);
    expect(await logOf(folder, "here")).toMatch(/made on (manager|worker)\n/);
    await nothingIsLeft();
  });

  test("a service on one node is asked by its name from the other, and ends with the run", async () => {
    const serve =
      'require("node:http").createServer((_, answer) => answer.end("from " + process.env.SCANFLOW_NODE)).listen(process.env.SCANFLOW_PORT)';
    const ask = "fetch(process.env.SCANFLOW_SERVICE_UP).then((r) => r.text()).then(console.log)";
    const environment = { image: BASE_IMAGES.node };
    const folder = await lab(
      {
        up: { kind: "service", run: ["node", "-e", serve], replicas: 2, health: "/", ...onWorker },
        ask: { run: ["node", "-e", ask], after: ["up"] },
      },
      { environment },
    );
    const { code, stderr } = await scanflow(folder, onSwarm("run"), { env });
    expect(code, stderr).toBe(0);
    expect(await logOf(folder, "ask")).toContain("from worker");
    await nothingIsLeft();
  });

  test("a job that runs when its owner is killed goes on, and the next owner takes it over", async () => {
    const wait =
      "echo begun; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo went; echo x > {{outputs.out}}";
    const folder = await lab({ slow: { run: wait, outputs: ["out"], ...onWorker } });
    const first = start(folder, ["run", "--on", "swarm"], { env });
    await first.saw("| begun");
    first.child.kill("SIGKILL");
    await first.ended;
    const next = start(folder, onSwarm("resume"), { env });
    await next.saw("run-resumed");
    const [container = ""] = await docker(swarm.worker, "ps", "-q", "--filter", "name=slow");
    await docker(swarm.worker, "exec", container, "touch", "/tmp/go");
    const { code, stdout, stderr } = await next.ended;
    expect(code, stderr).toBe(0);
    const attempts = eventsIn(stdout).filter(({ event }) => event.startsWith("attempt-"));
    expect(attempts).toMatchObject([{ event: "attempt-succeeded", attempt: 1 }]);
    const said = await logOf(folder, "slow");
    expect(said.match(/begun/g)).toHaveLength(1);
    expect(said).toContain("went");
    await nothingIsLeft();
  });

  test("what fails is told in plain words", async () => {
    const folder = await lab({
      wrong: { run: "echo going; exit 3", allowFailure: true },
      absent: { run: ["no-such-command"], allowFailure: true },
      hungry: {
        run: 'x=$(head -c 200000000 /dev/zero | tr "\\0" x); echo "$x" | wc -c',
        resources: { cpu: 0.1, memory: "96MiB" },
        allowFailure: true,
      },
    });
    const { stdout } = await scanflow(folder, onSwarm("run"), { env });
    const errors = Object.fromEntries(
      eventsIn(stdout)
        .filter(({ event }) => event === "attempt-failed")
        .map(({ task, error }) => [task, error]),
    );
    expect(errors.wrong).toMatchObject({
      code: "SCANFLOW_TASK_FAILED",
      message: expect.stringMatching(/exit code 3.*going/s),
    });
    expect(errors.absent?.code).toBe("SCANFLOW_COMMAND_NOT_FOUND");
    expect(errors.hungry?.message).toMatch(/memory/);
  });

  test("what the swarm cannot do is refused before anything starts", async () => {
    const refused = async (folder: string, more: NodeJS.ProcessEnv = {}) => {
      const { code, stderr } = await scanflow(folder, onSwarm("run"), { env: { ...env, ...more } });
      expect(code).not.toBe(0);
      expect((await scanflow(folder, ["ls", "--json"], { env })).stdout.trim()).toBe("[]");
      return stderr;
    };
    const plain = await lab({ look: { run: "true" } });
    expect(await refused(plain, { ...inject("docker") })).toMatch(
      /SCANFLOW_SWARM_UNAVAILABLE.*docker swarm init/,
    );
    expect(await refused(plain, { ...swarm.worker.environment })).toMatch(/is a worker of its swarm/);
    expect(await refused(plain, { SCANFLOW_GATEWAY: "not an address" })).toMatch(/SCANFLOW_SWARM_CONFIG/);
    const placed = await lab({ look: { run: "true", placement: { labels: { disk: "tape" } } } });
    expect(await refused(placed)).toMatch(/SCANFLOW_PLACEMENT_UNMET.*none of 2 nodes has disk=tape/s);
    const large = await lab({ look: { run: "true", resources: { memory: "100TiB" } } });
    expect(await refused(large)).toMatch(/SCANFLOW_(PLACEMENT_UNMET|RESOURCES)/);
    const imageless = await lab({ look: { run: "true" } }, { environment: { image: "127.0.0.1:1/none:1" } });
    expect(await refused(imageless)).toMatch(/SCANFLOW_IMAGE_MISSING/);
  });

  test("a task that is cancelled is ended on its node, too", async () => {
    const folder = await lab({ slow: { run: "echo begun; sleep 600", ...onWorker } });
    const running = start(folder, ["run", "--on", "swarm"], { env });
    await running.saw("| begun");
    const { code } = await scanflow(folder, ["cancel", "latest"], { env });
    expect(code).toBe(0);
    expect((await running.ended).code).toBe(1);
    await expect.poll(() => docker(swarm.worker, "ps", "-q", "--filter", "name=slow")).toEqual([]);
    await nothingIsLeft();
  });

  test("a job that somebody removes before it ran is made again, and keeps nobody else from being seen", async () => {
    const [cores = ""] = await docker(swarm.worker, "info", "--format", "{{.NCPU}}");
    const whole = { resources: { cpu: Number(cores) }, ...onWorker };
    const run = 'echo begun; while [ "$SCANFLOW_ATTEMPT" = 1 ] && [ ! -e /tmp/go ]; do sleep 0.1; done';
    const node = { run, ...whole };
    const folder = await lab({ one: node, other: node });
    const running = start(folder, onSwarm("run"), { env });
    const log = async () => (await logOf(folder, "one")) + (await logOf(folder, "other"));
    await expect.poll(log, { timeout: 200_000 }).toMatch(/waits for a node/);
    await expect.poll(log).toMatch(/begun/);
    const jobs = async (name: string) => docker(swarm.manager, "service", "ls", "-q", "--filter", name);
    // Either may have been first.
    const runs = (await logOf(folder, "one")).includes("begun") ? "one" : "other";
    const waits = runs === "one" ? "other" : "one";
    await docker(swarm.manager, "service", "rm", ...(await jobs(`label=org.scanflow.task=${waits}`)));
    await running.saw("attempt-failed");
    const [container = ""] = await docker(swarm.worker, "ps", "-q", "--filter", `name=-${runs}-`);
    await docker(swarm.worker, "exec", container, "touch", "/tmp/go");
    const { code, stdout, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    const ended = eventsIn(stdout).filter(({ event }) => /^attempt-(failed|succeeded)$/.test(event));
    expect(ended).toMatchObject([
      { task: waits, error: { code: "SCANFLOW_ATTEMPT_LOST", message: expect.stringContaining("removed") } },
      { event: "attempt-succeeded", task: runs, attempt: 1 },
      { event: "attempt-succeeded", task: waits, attempt: 2 },
    ]);
    expect(await logOf(folder, runs)).not.toContain("does not answer");
    await nothingIsLeft();
  });

  test("an attempt on a node that is lost fails, and is tried again elsewhere", async () => {
    const wait = '[ "$SCANFLOW_ATTEMPT" = 1 ] || exit 0; echo begun; sleep 600';
    const folder = await lab({ slow: { run: wait, retry: { limit: 1, delay: 0 }, ...onWorker } });
    const running = start(folder, onSwarm("run"), { env });
    const log = () => logOf(folder, "slow");
    await expect.poll(log).toContain("begun");
    await swarm.worker.unplug();
    await docker(swarm.manager, "node", "update", "--label-add", "disk=ssd", "manager");
    const { code, stdout, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    const ended = eventsIn(stdout).filter(({ event }) => /^attempt-(failed|succeeded|lost)$/.test(event));
    expect(ended).toMatchObject([
      { attempt: 1, error: { code: expect.stringMatching(/SCANFLOW_(NODE|ATTEMPT)_LOST/) } },
      { event: "attempt-succeeded", attempt: 2 },
    ]);
    expect(lastLine(stdout)).toMatchObject({ status: "succeeded" });
  });
});
