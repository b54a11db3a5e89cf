import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openArtifactStore } from "../artifacts/index.ts";
import { openTracking, trackingMigrations } from "../index.ts";
import { openStore } from "../store/index.ts";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { testLocation } from "../store/test-location.support.ts";
import { bytesOf } from "../test-tracking.support.ts";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";
import { contentsOf } from "./full-tracker.support.ts";
import { purgeByName } from "./purge-by-name.ts";

/** Opens a tracker, works with it and closes it. */
async function withTracker<T>(
  { location, root }: { location: string; root: string },
  work: (tools: { tracking: Awaited<ReturnType<typeof openTracking>> }) => Promise<T>,
): Promise<T> {
  const store = await openStore<unknown>({ location, migrations: trackingMigrations });
  try {
    return await work({
      tracking: await openTracking({ store, artifacts: await openArtifactStore({ root }) }),
    });
  } finally {
    await store.close();
  }
}

/** A tracker with an experiment that stays and one that is to go, with so many files of its own. */
async function given(files: number) {
  const place = {
    location: await testLocation({ tracked: true }),
    root: join(await temporaryFolder(), "files"),
  };
  const fill = (name: string, count: number) =>
    withTracker(place, async ({ tracking }) => {
      const experimentId = await tracking.ensureExperiment(name);
      await tracking.startRuns([{ runId: `run-${name}`, experimentId, name, startTime: 1 }]);
      const { artifacts } = tracking.context;
      const stored = await Promise.all(
        Array.from({ length: count }, async (_, i) => ({
          ...(await artifacts.put(bytesOf(`${name} ${i}`))),
          path: `f${i}`,
        })),
      );
      await tracking.addArtifacts(`run-${name}`, stored);
    });
  await fill("kept", 3);
  const contents = () =>
    withTracker(place, async ({ tracking }) => {
      const { tables, files } = await contentsOf(tracking.context.store, place.root);
      const { tracking_counters: _, ...rest } = tables;
      return { tables: rest, files };
    });
  const before = await contents();
  await fill("doomed", files);
  return { place, before, contents };
}

function start({ location, root }: { location: string; root: string }, ...work: string[]) {
  const script = join(import.meta.dirname, "die-on-the-way.support.ts");
  const args = ["--conditions=source", script, location, root, ...work];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  return { child, ended: once(child, "exit") };
}

test("a process killed between the rows and the files of a purge leaves only what a collection takes", async () => {
  const { place, before, contents } = await given(5);
  const { ended } = start(place, "doomed", "purge:rows");
  expect(await ended).toEqual([null, "SIGKILL"]);
  const { tables, files } = await contents();
  expect(tables).toEqual(before.tables);
  expect(Object.keys(files)).toHaveLength(8);
  const { runs, garbage } = await withTracker(place, async ({ tracking }) => ({
    runs: await purgeByName(tracking, { kind: "experiment", name: "doomed" }).catch(({ code }) => code),
    garbage: await collectTrackerGarbage(tracking, { graceMs: 0 }),
  }));
  expect(runs).toBe("SCANFLOW_TRACKING_MISSING");
  expect(garbage).toMatchObject({ files: 5 });
  expect(await contents()).toEqual(before);
});

test("a process killed in the middle of a collection leaves the rest to the next one, and nothing half", async () => {
  const { place, before, contents } = await given(400);
  await withTracker(place, async ({ tracking }) => {
    const [{ id } = { id: 0 }] = await tracking.context.store.read<{ id: number }>(
      "SELECT id FROM tracking_experiments WHERE name = 'doomed'",
    );
    await tracking.purgeExperiment(String(id));
  });
  const shelf = join(place.root, "sha256");
  const count = async () =>
    (await readdir(shelf, { recursive: true })).filter((name) => name.length > 60).length;
  const { child, ended } = start(place, "gc", "never");
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && (await count()) === 403) await new Promise(setImmediate);
  child.kill("SIGKILL");
  await ended;
  const left = await count();
  expect(left).toBeLessThan(403);
  await withTracker(place, ({ tracking }) => collectTrackerGarbage(tracking, { graceMs: 0 }));
  expect(await contents()).toEqual(before);
});
