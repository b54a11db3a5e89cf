import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { BASE_IMAGES } from "./base-images.ts";
import { hasSwarm, type SwarmPlatform, startSwarm } from "./swarm.ts";

const run = promisify(execFile);

let swarm: SwarmPlatform;

beforeAll(async () => {
  if (!hasSwarm()) return;
  swarm = await startSwarm(inject("docker"));
});

afterAll(() => swarm?.stop());

async function docker(...words: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", words, { env: { ...process.env, ...swarm.manager.environment } });
  return stdout;
}

test.runIf(hasSwarm())("a container of one engine finds a service on the other by its name", async () => {
  await Promise.all([swarm.manager.receive(BASE_IMAGES.debian), swarm.worker.receive(BASE_IMAGES.debian)]);
  const id = (await docker("image", "inspect", "--format", "{{.Id}}", BASE_IMAGES.debian)).trim();
  await docker("network", "create", "--driver", "overlay", "--attachable", "there");
  const options = ["--detach", "--quiet", "--no-resolve-image", "--network", "there"];
  const there = ["--endpoint-mode", "dnsrr", "--constraint", "node.hostname==worker", "--name", "there"];
  await docker("service", "create", ...options, ...there, id, "sleep", "infinity");
  const find = "until getent hosts there; do sleep 0.2; done; exit 7";
  await docker(
    "service",
    "create",
    ...options,
    "--mode",
    "replicated-job",
    "--restart-condition",
    "none",
    "--constraint",
    "node.hostname==manager",
    "--name",
    "here",
    id,
    "sh",
    "-c",
    find,
  );
  await expect
    .poll(() => docker("service", "ps", "--format", "{{.Node}} {{.Error}}", "--no-trunc", "here"))
    .toMatch(/^manager .*exit \(7\)/);
});
