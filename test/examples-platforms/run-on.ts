import { chmodSync } from "node:fs";
import { expect } from "vitest";
import { ExampleCopy } from "../examples-application.test.support.ts";
import type { DockerEnvironment } from "../platforms/docker.ts";
import { freePort } from "../platforms/free-port.ts";
import { needSwarm } from "../platforms/swarm-of-one.ts";
import { ComposeProject } from "./compose-project.ts";
import { type Came, type Shown, whatCame } from "./what-came.ts";

/** Runs an example where tasks have containers of their own, or none, and tells what came of it. */
export async function runOn(
  platform: "process" | "docker" | "swarm",
  example: string,
  docker: DockerEnvironment,
): Promise<Came> {
  const copy = await copyOf(example);
  try {
    const env = { ...(platform === "swarm" ? await needSwarm(docker) : docker) };
    const { code, stdout, stderr } = await copy.scanflowWith(env, "run", "--on", platform, "--json");
    expect(code, `${stdout}${stderr}`).toBe(0);
    const image = platform === "process" ? undefined : expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    for (const ran of imagesIn(stdout)) expect(ran).toEqual(image);
    const shown = await copy.document<Shown>("show", "latest");
    return await copy.withTracker((tracker) => whatCame(shown, tracker));
  } finally {
    copy.remove();
  }
}

/**
 * The same with Docker Compose. All of its containers end well, and `down` leaves nothing. `look` sees the project after
 * its end; `port` is where the example's tracker with a port has it.
 */
export async function runOnCompose(
  example: string,
  docker: DockerEnvironment,
  look?: (port: number) => Promise<void>,
): Promise<Came> {
  const port = await freePort();
  const copy = await copyOf(example, port);
  try {
    const project = await ComposeProject.export(copy, docker);
    try {
      const { code, log } = await project.up();
      expect([code, log]).toEqual(["0", expect.stringContaining("succeeded")]);
      const came = await whatCame(await project.show(), project.tracker);
      expect(await project.failed()).toEqual([]);
      await look?.(port);
      return came;
    } finally {
      await project.down();
      expect(await project.left()).toEqual([]);
    }
  } finally {
    copy.remove();
  }
}

/** A copy that containers can read, with a port of its own in the place of the decks' 8008. */
async function copyOf(example: string, port?: number): Promise<ExampleCopy> {
  const copy = new ExampleCopy(example);
  chmodSync(copy.folder, 0o755);
  const config = copy.read("scanflow.config.ts");
  copy.write("scanflow.config.ts", config.replace("port: 8008", `port: ${port ?? (await freePort())}`));
  return copy;
}

/** By its events, which image each attempt ran in. */
function imagesIn(stdout: string): unknown[] {
  const events: { event: string; usage?: { image?: string } }[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return events.flatMap(({ event, usage }) => (event === "attempt-succeeded" ? [usage?.image] : []));
}
