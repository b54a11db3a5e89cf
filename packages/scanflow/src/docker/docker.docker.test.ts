import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { testDaemon, testImage } from "./daemon.test.support.ts";
import * as docker from "./index.ts";
import { openWire } from "./wire.test.support.ts";

const daemon = await testDaemon();
const label = `org.scanflow.test=${randomBytes(6).toString("hex")}`;
const [labelName = "", labelValue = ""] = label.split("=");
const Labels = { [labelName]: labelValue };

afterAll(async () => {
  for (const { Id } of await docker.listContainers(daemon, [label])) await docker.removeContainer(daemon, Id);
  for (const { Name } of await docker.listNetworks(daemon, [label])) await docker.removeNetwork(daemon, Name);
  for (const { Name } of await docker.listVolumes(daemon, [label])) await docker.removeVolume(daemon, Name);
  for (const { Id } of await docker.listImages(daemon, [label])) await docker.removeImage(daemon, Id);
  daemon.close();
});

/** A gzip-free tar archive of one file (POSIX ustar). */
function tarOf(name: string, text: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write("0000644\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write(`${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`, 124);
  head.write("00000000000\0", 136);
  head.write("        0", 148);
  head.write("ustar\x0000", 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
  body.write(text);
  return Buffer.concat([head, body, Buffer.alloc(1024)]);
}

async function* once(bytes: Buffer) {
  yield bytes;
}

function bodyOf(bytes: Buffer): Readable {
  return Readable.from(once(bytes));
}

test("a build whose daemon goes away says so", async () => {
  const wire = await openWire();
  const behind = await docker.Docker.open({ env: wire.env });
  const built = docker.buildImage(behind, {
    context: bodyOf(tarOf("Dockerfile", `FROM ${testImage}\nRUN echo ${labelValue}; sleep 60\n`)),
    tags: [`scanflow-test-away:${labelValue}`],
    tell: ({ stream }) => {
      if (stream?.startsWith(labelValue)) wire.cut();
    },
  });
  await expect(built).rejects.toMatchObject({ code: "SCANFLOW_DOCKER_UNREACHABLE" });
  behind.close();
});

test("a container runs from creation to removal, its streams kept apart", async () => {
  const id = await docker.createContainer(daemon, `scanflow-test-${labelValue}`, {
    Image: testImage,
    Cmd: ["sh", "-c", "echo out; echo err >&2; exit 3"],
    Labels,
  });
  const got = { stdout: "", stderr: "" };
  const frames = new docker.LogFrames((stream, chunk) => (got[stream] += chunk.toString()));
  const output = await docker.attachContainer(daemon, id);
  const { exit } = await docker.waitForContainer(daemon, id, { condition: "next-exit" });
  await docker.startContainer(daemon, id);
  for await (const chunk of output) frames.write(chunk as Buffer);
  expect(await exit).toBe(3);
  expect(got).toEqual({ stdout: "out\n", stderr: "err\n" });
  expect(await docker.inspectContainer(daemon, id)).toMatchObject({
    State: { Status: "exited", ExitCode: 3, OOMKilled: false },
  });
  expect((await docker.listContainers(daemon, [label])).map(({ Id }) => Id)).toEqual([id]);
  await docker.killContainer(daemon, id, "SIGTERM");
  let log = "";
  const again = new docker.LogFrames((_, chunk) => (log += chunk.toString()));
  for await (const chunk of await docker.containerLogs(daemon, id)) again.write(chunk as Buffer);
  expect(log.split("\n").sort()).toEqual(["", "err", "out"]);
  await docker.removeContainer(daemon, id);
  await docker.removeContainer(daemon, id);
  expect(await docker.inspectContainer(daemon, id)).toBeUndefined();
});

test("an image that is not there, a name that is taken and a port that is taken are told apart", async () => {
  const missing = docker.createContainer(daemon, "x", { Image: "scanflow.invalid/none:1" });
  await expect(missing).rejects.toMatchObject({ code: "SCANFLOW_IMAGE_MISSING", status: 404 });
  const name = `scanflow-taken-${labelValue}`;
  const settings = { Image: testImage, Cmd: ["true"], Labels };
  await docker.createContainer(daemon, name, settings);
  const again = docker.createContainer(daemon, name, settings);
  await expect(again).rejects.toMatchObject({ code: "SCANFLOW_DOCKER_FAILED", status: 409 });
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as { port: number };
  const id = await docker.createContainer(daemon, `${name}-port`, {
    ...settings,
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] } },
  });
  await expect(docker.startContainer(daemon, id)).rejects.toMatchObject({ code: "SCANFLOW_PORT_TAKEN" });
  holder.close();
});

test("an image is built from an archive, named, saved, removed and loaded", async () => {
  const repository = `scanflow-test/built-${labelValue}`;
  const lines: string[] = [];
  const id = await docker.buildImage(daemon, {
    context: bodyOf(tarOf("Dockerfile", `FROM ${testImage}\nENV A=1\n`)),
    tags: [`${repository}:1`],
    labels: Labels,
    tell: ({ stream }) => stream && lines.push(stream),
  });
  expect(id).toMatch(/^sha256:/);
  expect(lines.join("")).toContain("Step 1/");
  await docker.tagImage(daemon, id, { repository, tag: "2" });
  const image = await docker.inspectImage(daemon, `${repository}:2`);
  expect(image).toMatchObject({ Id: id, Config: { Env: expect.arrayContaining(["A=1"]) } });
  const archive = Buffer.from(await buffer(await docker.saveImages(daemon, [`${repository}:1`])));
  await docker.removeImage(daemon, `${repository}:1`);
  expect(await docker.inspectImage(daemon, `${repository}:1`)).toBeUndefined();
  await docker.loadImages(daemon, bodyOf(archive));
  expect(await docker.inspectImage(daemon, `${repository}:1`)).toMatchObject({ Id: id });
  expect((await docker.listImages(daemon, [label])).map(({ Id }) => Id)).toEqual([id]);
  await docker.removeImage(daemon, `${repository}:1`);
  await docker.removeImage(daemon, `${repository}:2`);
});

test("a build that fails says at which step", async () => {
  const context = bodyOf(tarOf("Dockerfile", `FROM ${testImage}\nRUN exit 7\n`));
  const tags = [`scanflow-test/failed-${labelValue}`];
  await expect(docker.buildImage(daemon, { context, tags })).rejects.toMatchObject({
    code: "SCANFLOW_DOCKER_FAILED",
    message: expect.stringMatching(/exit 7.*returned a non-zero code: 7/),
  });
});

test("networks and volumes are made once and found by label", async () => {
  const name = `scanflow-test-${labelValue}`;
  const network = await docker.needNetwork(daemon, name, { labels: Labels });
  expect(await docker.needNetwork(daemon, name, { labels: Labels })).toMatchObject({ Id: network.Id });
  expect(network.IPAM.Config?.[0]?.Gateway).toMatch(/^\d+\./);
  await docker.needVolume(daemon, name, Labels);
  expect((await docker.listVolumes(daemon, [label])).map((volume) => volume.Name)).toEqual([name]);
  await docker.removeVolume(daemon, name);
  await docker.removeNetwork(daemon, name);
  expect(await docker.inspectNetwork(daemon, name)).toBeUndefined();
  expect((await docker.dockerInfo(daemon)).OSType).toBe("linux");
});

test("a call is ended by its signal", async () => {
  const id = await docker.createContainer(daemon, `scanflow-abort-${labelValue}`, {
    Image: testImage,
    Cmd: ["sleep", "60"],
    Labels,
  });
  await docker.startContainer(daemon, id);
  const stop = new AbortController();
  const { exit } = await docker.waitForContainer(daemon, id, { signal: stop.signal });
  stop.abort();
  await expect(exit).rejects.toThrow(/abort/i);
  await docker.removeContainer(daemon, id);
});
