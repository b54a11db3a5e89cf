import { beforeAll, describe, expect, inject, test } from "vitest";
import { ExampleCopy } from "../examples-application.test.support.ts";
import { runOn, runOnCompose } from "./run-on.ts";
import type { Came } from "./what-came.ts";

export interface SameEverywhere {
  /** Outputs, as `task.output`, that a second run on the same machine may write otherwise, each with the reason. */
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
  describe(`${example} comes to the same as in processes`, () => {
    test.each(platforms)("on %s", async (_, run) => {
      const there = await run();
      const alike = ({ outputs, ...rest }: Came) => ({
        ...rest,
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, digest]) => [name, unlike[name] ?? digest]),
        ),
      });
      expect(alike(there)).toEqual(alike(await here));
    });
  });
}
