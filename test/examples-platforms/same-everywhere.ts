import { beforeAll, describe, expect, inject, test } from "vitest";
import { ExampleCopy } from "../examples-application.test.support.ts";
import { runOn, runOnCompose } from "./run-on.ts";
import type { Came } from "./what-came.ts";

export interface SameEverywhere {
  /** Outputs, as `task.output`, that are another file on another platform, each with the reason. */
  readonly unlike?: Readonly<Record<string, string>>;
  /** What else is looked at while the Compose project is up. @param port of the tracker that has one */
  readonly onCompose?: (port: number) => Promise<void>;
}

/** An example ends with the same metrics and artifacts in processes, containers, a Compose project and a swarm. */
export function sameEverywhere(example: string, { unlike = {}, onCompose }: SameEverywhere = {}): void {
  const docker = inject("docker");
  let here: Promise<Came>;

  beforeAll(async () => {
    const copy = new ExampleCopy(example);
    try {
      const { code, stdout, stderr } = await copy.scanflowWith({ ...docker }, "build", "--shim");
      expect(code, `${stdout}${stderr}`).toBe(0);
    } finally {
      copy.remove();
    }
    here = runOn("process", example, docker);
    // Each test tells it.
    here.catch(() => undefined);
  }, 900_000);

  const platforms = [
    ["docker", () => runOn("docker", example, docker)],
    ["swarm", () => runOn("swarm", example, docker)],
    ["compose", () => runOnCompose(example, docker, onCompose)],
  ] as const;
  const alike = ({ outputs, ...rest }: Came) => ({
    ...rest,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, digest]) => [name, unlike[name] ?? digest]),
    ),
  });
  describe(`${example} comes to the same as in processes`, () => {
    // The first one to come builds a Python environment for the run in processes.
    test.each(platforms)("on %s", { timeout: 900_000 }, async (_, run) => {
      const there = await run();
      expect(alike(there)).toEqual(alike(await here));
    });
  });
}
