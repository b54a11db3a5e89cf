import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ExampleCopy } from "./examples-application.test.support.ts";
import { BASE_IMAGES } from "./platforms/base-images.ts";
import { hasSwarm, type SwarmPlatform, startSwarm } from "./platforms/swarm.ts";

let swarm: SwarmPlatform;

beforeAll(async () => {
  if (hasSwarm()) swarm = await startSwarm(inject("docker"));
});

afterAll(() => swarm?.stop());

interface Shown {
  readonly status: string;
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
    readonly metrics?: Readonly<Record<string, number>>;
  }[];
}

interface Built {
  readonly images: readonly { readonly ref: string }[];
}

/** What came of each task of the newest run. */
async function made(copy: ExampleCopy): Promise<unknown> {
  const { status, tasks } = await copy.document<Shown>("show", "latest");
  const made = tasks.map(({ id, status: ended, outputs, metrics }) => {
    const digests = Object.entries(outputs).map(([name, { digest }]) => [name, digest]);
    return [id, { ended, outputs: Object.fromEntries(digests), metrics }];
  });
  return { status, tasks: Object.fromEntries(made) };
}

describe.runIf(hasSwarm())("on a swarm", () => {
  test.each(["digits", "decks"])("%s makes the same metrics and files as in processes", async (example) => {
    const [there, here] = [new ExampleCopy(example), new ExampleCopy(example)];
    try {
      // Built where others have built it, and handed over.
      const build = await there.scanflowWith({ ...inject("docker") }, "build", "--shim", "--json");
      const { images }: Built = JSON.parse(build.stdout);
      await swarm.manager.receive(BASE_IMAGES.node, ...images.map(({ ref }) => ref));
      const environment = { ...swarm.manager.environment, SCANFLOW_GATEWAY: swarm.host };
      const { code, stderr } = await there.scanflowWith(environment, "run", "--on", "swarm", "--json");
      expect(code, stderr).toBe(0);
      await here.run();
      expect(await made(there)).toEqual(await made(here));
    } finally {
      there.remove();
      here.remove();
    }
  });
});
