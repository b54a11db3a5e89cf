import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { folderOf, scanflow } from "../cli.test.support.ts";
import { needSwarm } from "../platforms/swarm-of-one.ts";

/** Tasks for the engine and a service that needs none. Both take little of a node that other tests use as well. */
const standing = `
application: stands
main: work
workflows:
  work:
    nodes:
      make: { run: "echo made >$SCANFLOW_OUTPUT_WORD", outputs: [word], resources: { cpu: 0.1 } }
      read: { run: "cat {{inputs.word}}", inputs: { word: make.word }, resources: { cpu: 0.1 } }
  serve:
    mode: online
    nodes:
      answer:
        kind: service
        run: [sleep, "3600"]
        environment: { image: "debian:bookworm-slim" }
        replicas: 2
        resources: { cpu: 0.1 }
`;
const batch = "application: lab\nworkflows: { lab: { nodes: { greet: { run: echo hello } } } }\n";

describe("what must be so is asked before anything starts", () => {
  test.each([
    ["compose", { DOCKER_HOST: "unix:///nowhere/docker.sock" }, "SCANFLOW_DOCKER_UNREACHABLE"],
    ["stack", { DOCKER_HOST: "unix:///nowhere/docker.sock" }, "SCANFLOW_DOCKER_UNREACHABLE"],
  ])("%s with %j: %s", async (target, variables, code) => {
    const folder = await folderOf({ "scanflow.yaml": batch });
    const env = { ...inject("docker"), ...variables };
    const ended = await scanflow(folder, ["deploy", target], { env });
    expect(ended.stderr).toContain(code);
    expect(ended.code).not.toBe(0);
    expect(existsSync(join(folder, "deploy"))).toBe(false);
  });

  test("compose, of an image that nobody built", async () => {
    const folder = await folderOf({
      "scanflow.yaml": batch.replace(
        "run: echo hello",
        "run: echo hello, environment: { python: { packages: [nobody-builds-this==0] } }",
      ),
    });
    const ended = await scanflow(folder, ["deploy", "compose"], { env: { ...inject("docker") } });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("scanflow build") });
    expect(ended.stderr).toContain("SCANFLOW_IMAGE_MISSING");
  });
});

test("a stack is deployed and told to be as it is; its engine runs tasks as jobs; undeploy leaves nothing", async () => {
  const env = { ...process.env, ...(await needSwarm(inject("docker"))) };
  const docker = async (...words: string[]) =>
    (await promisify(execFile)("docker", words, { env })).stdout.trim();
  const folder = await folderOf({ "scanflow.yaml": standing });
  await chmod(folder, 0o755);
  expect(await scanflow(folder, ["build", "--shim"], { env })).toMatchObject({ code: 0 });
  const label = "label=com.docker.stack.namespace=stands";
  const undeploy = () => scanflow(folder, ["undeploy", "stack", "--volumes", "--yes"], { env });
  onTestFinished(async () => void (await undeploy()));

  const deployed = await scanflow(folder, ["deploy", "stack"], { env });
  expect(deployed).toMatchObject({ code: 0, stdout: expect.stringContaining("undeploy stack") });
  expect(deployed.stderr).toContain("docker stack deploy --detach=true");
  const services = () => docker("service", "ls", "--filter", label, "--format", "{{.Name}} {{.Replicas}}");
  const up = ["stands_answer 2/2", "stands_scanflow 1/1"];
  await expect.poll(async () => (await services()).split("\n").toSorted(), { timeout: 120_000 }).toEqual(up);
  expect(await scanflow(folder, ["deploy", "stack", "--diff"], { env })).toMatchObject({
    code: 0,
    stdout: "",
  });

  const engine = ["ps", "--quiet", "--filter", "label=com.docker.swarm.service.name=stands_scanflow"];
  const inEngine = async (...words: string[]) =>
    docker("exec", await docker(...engine), "scanflow", "-C", "/app", ...words);
  await inEngine("run");
  const { status, tasks } = JSON.parse(await inEngine("show", "latest", "--json"));
  expect([status, tasks.map(({ status: ended }: { status: string }) => ended)]).toEqual([
    "succeeded",
    ["succeeded", "succeeded"],
  ]);
  expect(await inEngine("logs", "latest", "read")).toBe("made");

  expect(await undeploy()).toMatchObject({ code: 0, stdout: "Removed stands from stack.\n" });
  for (const kind of ["service", "network", "config", "volume"]) {
    expect(await docker(kind, "ls", "--quiet", "--filter", label)).toBe("");
  }
  expect(await docker("ps", "--all", "--quiet", "--filter", label)).toBe("");
});

test("a Compose project is deployed and runs to its end; undeploy leaves nothing of it", async () => {
  const env = { ...process.env, ...inject("docker") };
  const folder = await folderOf({
    "scanflow.yaml": batch.replace("application: lab", "application: composed"),
  });
  // Containers read it as nobody.
  await chmod(folder, 0o755);
  expect(await scanflow(folder, ["build"], { env })).toMatchObject({ code: 0 });
  onTestFinished(
    async () => void (await scanflow(folder, ["undeploy", "compose", "--volumes", "--yes"], { env })),
  );
  expect(await scanflow(folder, ["deploy", "compose"], { env })).toMatchObject({ code: 0 });
  const { name } = parse(await readFile(join(folder, "deploy/compose/compose.yaml"), "utf8"));
  const docker = async (...words: string[]) =>
    (await promisify(execFile)("docker", words, { env })).stdout.trim();
  expect(await docker("wait", `${name}-scanflow-1`)).toBe("0");
  expect(await scanflow(folder, ["undeploy", "compose", "--volumes", "--yes"], { env })).toMatchObject({
    code: 0,
  });
  const filter = ["--quiet", "--filter", `label=com.docker.compose.project=${name}`];
  expect(await docker("ps", "--all", ...filter)).toBe("");
  for (const kind of ["network", "volume"]) expect(await docker(kind, "ls", ...filter)).toBe("");
});
