import { execFile } from "node:child_process";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { privateRegistry } from "../packages/scanflow/src/images/registry.test.support.ts";
import { folderOf, scanflow, start } from "./cli.test.support.ts";
import { freePort } from "./platforms/free-port.ts";
import { tlsDoor } from "./platforms/tls-daemon.ts";

const run = promisify(execFile);
const env: NodeJS.ProcessEnv = { ...inject("docker") };

async function docker(...args: string[]): Promise<string> {
  return (await run("docker", args, { env: { ...process.env, ...env } })).stdout.trim();
}

/** All that Docker has of an application. */
async function left(name: string): Promise<string[]> {
  const filter = ["--filter", `label=org.scanflow.application=${name}`];
  const lists = await Promise.all([
    docker("ps", "--all", "--quiet", ...filter),
    docker("network", "ls", "--quiet", ...filter),
    docker("volume", "ls", "--quiet", ...filter),
  ]);
  return lists.flatMap((text) => text.split("\n")).filter((line) => line !== "");
}

const name = `up-${process.pid}`;
const files = {
  "scanflow.yaml": `application: ${name}
workflows:
  w:
    defaults: { environment: { image: "debian:bookworm-slim" } }
    nodes:
      first: { run: 'test "$UP_KEY" = hidden && hostname > {{outputs.host}}', outputs: [host], secrets: [UP_KEY] }
      held: { run: "echo waits; until test -e go; do sleep 0.1; done", after: [first] }
      last: { run: "cp {{inputs.host}} {{outputs.copy}}", inputs: { host: first.host }, after: [held], outputs: [copy] }
`,
};

test("a server in a container runs tasks in containers, beside one of an application of the same name, goes on after it was killed, and down leaves nothing", async () => {
  const folder = await folderOf(files);
  // Containers run as another user than root.
  await chmod(folder, 0o755);
  const secrets = await folderOf({ UP_KEY: "hidden\n" });
  const asked = (...args: string[]) => scanflow(folder, args, { env: { ...env, SCANFLOW_SECRETS: secrets } });
  onTestFinished(async () => void (await asked("down")));
  const port = String(await freePort());
  const up = await asked("up", "--on", "docker", "--port", port);
  expect(up).toMatchObject({ code: 0, stdout: expect.stringContaining(`is up on http://127.0.0.1:${port}`) });
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  const container = `scanflow-${name}-server`;
  expect(await docker("inspect", "--format", "{{.HostConfig.ReadonlyRootfs}}", container)).toBe("true");

  const twin = await folderOf(files);
  await chmod(twin, 0o755);
  const taken = await scanflow(twin, ["up", "--on", "docker", "--port", port], { env });
  expect(taken.stderr).toMatch(/SCANFLOW_UP_FAILED.*SCANFLOW_SERVER_PORT/s);
  const elsewhere = ["up", "--on", "docker", "--port", String(await freePort())];
  expect(await scanflow(twin, elsewhere, { env })).toMatchObject({ code: 0 });
  const gone = await scanflow(twin, ["down"], { env });
  expect(gone.stdout).toContain("Removed 1 container");

  // Commands of this machine find the server as they find any owner.
  const running = start(folder, ["run"], { env });
  await running.saw("waits");
  const again = await asked("up", "--on", "docker", "--port", port);
  expect(again.stdout).toContain("was up");

  await run("kill", ["-9", await docker("inspect", "--format", "{{.State.Pid}}", container)]);
  expect((await running.ended).code).not.toBe(0);
  const shown = async () => JSON.parse((await asked("show", "--json")).stdout || "{}");
  const patience = { timeout: 120_000, interval: 1000 };
  // It says so again once it has taken up the run.
  const starts = async () => (await docker("logs", container)).split("is up on").length - 1;
  await expect.poll(starts, patience).toBe(2);
  await writeFile(join(folder, "go"), "");
  await expect.poll(async () => (await shown()).status, patience).toBe("succeeded");
  const { tasks } = await shown();
  // The container outlived the server that started it: nothing was done twice.
  expect(tasks.map(({ id, attempts }: { id: string; attempts: number }) => [id, attempts])).toEqual([
    ["first", 1],
    ["held", 1],
    ["last", 1],
  ]);
  expect((await left(name)).length).toBeGreaterThan(0);
  expect(await asked("down")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Removed 1 container"),
  });
  expect(await left(name)).toEqual([]);
  expect((await asked("down")).stdout).toContain("Nothing was up");
  expect(await shown()).toMatchObject({ status: "succeeded" });
});

test("its tasks have images of a registry that needs a login, by what docker login left on this machine", async () => {
  const { place, user, password } = await privateRegistry();
  const image = `${place}/team/${name}:1`;
  const config = await folderOf({
    "config.json": JSON.stringify({
      auths: { [place]: { auth: Buffer.from(`${user}:${password}`).toString("base64") } },
    }),
  });
  await docker("tag", "debian:bookworm-slim", image);
  await docker("--config", config, "push", "--quiet", image);
  await docker("rmi", image);
  onTestFinished(async () => void (await docker("rmi", "--force", image)));

  const folder = await folderOf({
    "scanflow.yaml": `application: ${name}\nworkflows: { w: { nodes: { only: { run: "true", environment: { image: "${image}" } } } } }\n`,
  });
  await chmod(folder, 0o755);
  const asked = (...args: string[]) => scanflow(folder, args, { env: { ...env, DOCKER_CONFIG: config } });
  onTestFinished(async () => void (await asked("down")));
  expect(await asked("up", "--on", "docker", "--port", String(await freePort()))).toMatchObject({ code: 0 });
  const kept = join(folder, ".scanflow/docker/config.json");
  expect((await stat(kept)).mode & 0o777).toBe(0o600);
  // From another terminal, which knows nothing of the login.
  const ran = await scanflow(folder, ["run"], { env });
  expect(ran.code, ran.stderr).toBe(0);
  expect(await asked("down")).toMatchObject({ code: 0 });
  await expect(stat(kept)).rejects.toThrow("ENOENT");
  expect(await left(name)).toEqual([]);
});

test("a daemon behind TLS is reached by the server in its container too", async () => {
  const secure = await tlsDoor(String(env.DOCKER_HOST).replace("unix://", ""));
  const folder = await folderOf({
    "scanflow.yaml": `application: ${name}\nworkflows: { w: { nodes: { only: { run: "echo behind TLS", environment: { image: "debian:bookworm-slim" } } } } }\n`,
  });
  await chmod(folder, 0o755);
  const asked = (...args: string[]) => scanflow(folder, args, { env: { ...env, ...secure } });
  onTestFinished(async () => void (await asked("down")));
  const stranger = { ...env, ...secure, DOCKER_CERT_PATH: folder };
  expect((await scanflow(folder, ["run", "--on", "docker"], { env: stranger })).code).not.toBe(0);
  const outside = await asked("run", "--on", "docker", "--no-cache");
  expect(outside.stdout, outside.stderr).toContain("behind TLS");
  expect(await asked("up", "--on", "docker", "--port", String(await freePort()))).toMatchObject({ code: 0 });
  const ran = await asked("run", "--no-cache");
  expect(ran.code, ran.stderr).toBe(0);
  expect(await readdir(join(folder, ".scanflow/docker"))).toEqual(["ca.pem", "cert.pem", "key.pem"]);
  expect(await asked("down")).toMatchObject({ code: 0 });
  expect(await left(name)).toEqual([]);
});

test("down leaves alone what a process of this machine runs in containers", async () => {
  const folder = await folderOf(files);
  await chmod(folder, 0o755);
  const own = { env: { ...env, UP_KEY: "hidden" } };
  const running = start(folder, ["run", "--on", "docker"], own);
  await running.saw("waits");
  const refused = await scanflow(folder, ["down"], own);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(new RegExp(`SCANFLOW_OWNER_ACTIVE.*Process ${running.child.pid} owns`));
  await writeFile(join(folder, "go"), "");
  expect((await running.ended).code).toBe(0);
  expect((await scanflow(folder, ["down"], own)).stdout).toContain("Nothing was up");
});

test("what cannot be is refused with what to do", async () => {
  const folder = await folderOf(files);
  const nowhere = await scanflow(folder, ["up", "--on", "docker"], {
    env: { ...env, DOCKER_HOST: "unix:///nowhere/docker.sock" },
  });
  expect(nowhere.stderr).toContain("SCANFLOW_DOCKER_UNREACHABLE");
  const taken = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void taken.close(() => resolve())));
  const address = taken.address();
  const port = String(typeof address === "object" && address?.port);
  const refused = await scanflow(folder, ["up", "--on", "docker", "--port", port], { env });
  expect(refused.stderr).toContain("SCANFLOW_UP_FAILED");
  expect(refused.stderr).toContain("SCANFLOW_SERVER_PORT");
  expect(await left(name)).toEqual([]);
  const usage = await scanflow(folder, ["up", "--on", "docker", "--trust-network"], { env });
  expect(usage.stderr).toContain("SCANFLOW_USAGE");
});
