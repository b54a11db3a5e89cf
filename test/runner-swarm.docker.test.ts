import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Docker } from "../packages/scanflow/src/docker/index.ts";
import { readBases } from "../packages/scanflow/src/images/bases.ts";
import { Images } from "../packages/scanflow/src/images/index.ts";
import { shimRecipe } from "../packages/scanflow/src/images/shim-recipe.ts";
import { folderOf, lastLine, scanflow, start } from "./cli.test.support.ts";
import { type Registry, startRegistry } from "./platforms/registry.ts";
import { hasSwarm, type SwarmEngine, type SwarmPlatform, startSwarm } from "./platforms/swarm.ts";

const run = promisify(execFile);
let swarm: SwarmPlatform;
let registry: Registry;
let env: NodeJS.ProcessEnv;

/** An image with a shell and nothing else. */
const image = "lab/shell:1";
const importShell = `d=$(mktemp -d) && mkdir $d/bin && cd $d/bin && cp "$(command -v busybox)" .
for applet in $(busybox --list); do [ $applet = busybox ] || ln -s busybox $applet; done
tar -C $d -c . | docker import - ${image}; rm -r $d`;

beforeAll(async () => {
  if (!hasSwarm()) return;
  swarm = await startSwarm(inject("docker"));
  registry = await startRegistry(swarm.host, 5000);
  await run("sh", ["-c", importShell], { env: { ...process.env, ...swarm.manager.environment } });
  await swarm.manager.receive(await builtShim());
  await docker(swarm.manager, "node", "update", "--label-add", "disk=ssd", "worker");
  await docker(swarm.manager, "node", "update", "--label-add", "place=front", "manager");
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

/** The layer that lets the shim run in any image, built where what it is built upon is. */
async function builtShim(): Promise<string> {
  const shared = await Docker.open({ env: { ...process.env, ...inject("docker") } });
  const recipe = await shimRecipe({ bases: readBases() });
  return (await new Images(shared).need(recipe).finally(() => shared.close())).ref;
}

async function docker(engine: SwarmEngine, ...words: readonly string[]): Promise<string[]> {
  const { stdout } = await run("docker", words, { env: { ...process.env, ...engine.environment } });
  return stdout.split("\n").filter((line) => line !== "");
}

/** A workflow of these nodes, in an image that has nothing of Scanflow. */
function lab(nodes: Readonly<Record<string, object>>, environment: object = { image }): Promise<string> {
  const defaults = { environment, resources: { cpu: 0.1 }, cache: false };
  const document = { application: "lab", workflows: { lab: { defaults, nodes } } };
  return folderOf({ "scanflow.yaml": JSON.stringify(document), "notes.txt": "of the application\n" });
}

const onManager = { placement: { labels: { place: "front" } } };
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

/** Containers of a task that run there. */
function onTheWorker(task: string): Promise<string[]> {
  return docker(swarm.worker, "ps", "-q", "--filter", `name=${task}`);
}

async function nothingIsLeft(): Promise<void> {
  const filter = ["--filter", "label=org.scanflow.owner"];
  await expect.poll(() => docker(swarm.manager, "service", "ls", "-q", ...filter)).toEqual([]);
  await expect.poll(() => docker(swarm.manager, "network", "ls", "-q", ...filter)).toEqual([]);
}

describe.runIf(hasSwarm())("on a swarm of two engines", () => {
  test("in one run, tasks go where their placement says with code and inputs, ask a service on the other node by its name, and tell in plain words why they failed", async () => {
    const serve =
      'mkdir /tmp/www; echo "from $SCANFLOW_NODE" > /tmp/www/index.html; exec httpd -f -p $SCANFLOW_PORT -h /tmp/www';
    const folder = await lab({
      there: {
        run: 'cat notes.txt; echo "on $SCANFLOW_NODE as $(id -u)"; echo made > {{outputs.out}}',
        outputs: { out: { path: "deep/out.txt", type: "text" } },
        ...onWorker,
      },
      here: { run: 'echo "$(cat {{inputs.given}}) on $SCANFLOW_NODE"', inputs: { given: "there.out" } },
      up: { kind: "service", run: serve, replicas: 2, health: "/", ...onWorker },
      ask: { run: "wget -q -O - $SCANFLOW_SERVICE_UP", after: ["up"], ...onManager },
      wrong: { run: "echo going; exit 3", allowFailure: true },
      absent: { run: ["no-such-command"], allowFailure: true },
      hungry: {
        run: 'x=$(head -c 200000000 /dev/zero | tr "\\0" x); echo "$x" | wc -c',
        resources: { cpu: 0.1, memory: "96MiB" },
        allowFailure: true,
      },
    });
    const { code, stdout, stderr } = await scanflow(folder, onSwarm("run"), { env });
    expect(code, stderr).toBe(0);
    const images = eventsIn(stdout).flatMap(({ event, usage }) =>
      event === "attempt-succeeded" ? [usage?.image] : [],
    );
    expect(images.length).toBeGreaterThan(2);
    for (const one of images) expect(one).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(await logOf(folder, "there")).toMatch(/of the application\non worker as 65532\n/);
    expect(await logOf(folder, "here")).toMatch(/made on (manager|worker)\n/);
    expect(await logOf(folder, "ask")).toContain("from worker");
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
    await nothingIsLeft();
  });

  test("jobs that run when their owner is killed go on under the next: one ends well, and cancelling ends the other on its node, too", async () => {
    const wait =
      "echo begun; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo went; echo x > {{outputs.out}}";
    const folder = await lab({
      slow: { run: wait, outputs: ["out"], ...onWorker },
      endless: { run: "echo too; sleep 600", ...onWorker },
    });
    const first = start(folder, ["run", "--on", "swarm"], { env });
    await Promise.all([first.saw("| begun"), first.saw("| too")]);
    first.child.kill("SIGKILL");
    await first.ended;
    const next = start(folder, onSwarm("resume"), { env });
    await next.saw("run-resumed");
    const [container = ""] = await onTheWorker("slow");
    await docker(swarm.worker, "exec", container, "touch", "/tmp/go");
    await next.saw("attempt-succeeded");
    expect((await scanflow(folder, ["cancel", "latest"], { env })).code).toBe(0);
    const { code, stdout } = await next.ended;
    expect(code).toBe(1);
    const attempts = eventsIn(stdout).filter(({ event }) =>
      /^attempt-(started|succeeded|failed)$/.test(event),
    );
    expect(attempts).toMatchObject([{ event: "attempt-succeeded", task: "slow", attempt: 1 }]);
    const said = await logOf(folder, "slow");
    expect(said.match(/begun/g)).toHaveLength(1);
    expect(said).toContain("went");
    await expect.poll(() => onTheWorker("endless")).toEqual([]);
    await nothingIsLeft();
  });

  test("what the swarm cannot do is refused before anything starts", async () => {
    const refused = async (folder: string, more: NodeJS.ProcessEnv = {}) => {
      const { code, stderr } = await scanflow(folder, onSwarm("run"), { env: { ...env, ...more } });
      expect(code).not.toBe(0);
      return stderr;
    };
    const plain = await lab({ look: { run: "true" } });
    expect(await refused(plain, { ...swarm.worker.environment })).toMatch(/is a worker of its swarm/);
    expect(await refused(plain, { SCANFLOW_GATEWAY: "not an address" })).toMatch(/SCANFLOW_SWARM_CONFIG/);
    const stack = await scanflow(plain, ["deploy", "stack"], {
      env: { ...env, ...swarm.worker.environment },
    });
    expect(stack.stderr).toMatch(/SCANFLOW_DEPLOY_PLATFORM/);
    const placed = await lab({ look: { run: "true", placement: { labels: { disk: "tape" } } } });
    expect(await refused(placed)).toMatch(/SCANFLOW_PLACEMENT_UNMET.*none of 2 nodes has disk=tape/s);
    const large = await lab({ look: { run: "true", resources: { memory: "100TiB" } } });
    expect(await refused(large)).toMatch(/SCANFLOW_(PLACEMENT_UNMET|RESOURCES)/);
    const imageless = await lab({ look: { run: "true" } }, { image: "127.0.0.1:1/none:1" });
    expect(await refused(imageless)).toMatch(/SCANFLOW_IMAGE_MISSING/);
    for (const folder of [plain, placed, large, imageless]) {
      expect((await scanflow(folder, ["ls", "--json"], { env })).stdout.trim()).toBe("[]");
    }
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

  test("who waits for a container that does not reach the gateway is told where it looks for that", async () => {
    const folder = await lab({ far: { run: "true", ...onWorker } });
    const running = start(folder, ["run", "--on", "swarm", "--gateway", "127.0.0.1"], { env });
    await running.saw(/far .*has not come to http:\/\/127\.0\.0\.1:\d+ yet.*--gateway/);
    expect((await scanflow(folder, ["cancel", "latest"], { env })).code).toBe(0);
    expect((await running.ended).code).toBe(1);
    await nothingIsLeft();
  });

  test("an attempt on a node that is lost fails, and is tried again elsewhere", async () => {
    const wait = '[ "$SCANFLOW_ATTEMPT" = 1 ] || exit 0; echo begun; sleep 600';
    const folder = await lab({ slow: { run: wait, retry: { limit: 1, delay: 0 }, ...onWorker } });
    const running = start(folder, onSwarm("run"), { env });
    // Three of these without a word, and the node is down.
    await docker(swarm.manager, "swarm", "update", "--dispatcher-heartbeat", "2s");
    const said = async () => {
      const [container] = await onTheWorker("slow");
      return container ? docker(swarm.worker, "logs", container) : [];
    };
    await expect.poll(said).toContain("begun");
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

    await docker(swarm.worker, "swarm", "leave", "--force");
    const alone = await scanflow(folder, onSwarm("run"), { env: { ...env, ...swarm.worker.environment } });
    expect(alone.stderr).toMatch(/SCANFLOW_SWARM_UNAVAILABLE.*docker swarm init/);
  });
});
