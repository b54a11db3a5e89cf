import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { openContentStore } from "@scanflow/tracking/artifacts";
import { withTracking } from "@scanflow/tracking/server";
import { expect, onTestFinished, test } from "vitest";
import { stateFolder } from "../engine/index.ts";
import { withStandalone } from "./tracker-upkeep.ts";

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-upkeep-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a tracker is named by its database after --tracker as after --store", async () => {
  const directory = await newFolder();
  const place = { store: "sqlite:///t.db", artifacts: "files" };
  await withTracking({ ...place, folder: directory }, async () => {});
  const shown = (asked: object) => withStandalone({ directory }, asked, async (upkeep) => upkeep.place);
  expect(await shown({ tracker: place.store, artifacts: "files" })).toBe(await shown(place));
  await expect(shown({ tracker: place.store })).rejects.toMatchObject({ code: "SCANFLOW_USAGE" });
});

test("the own tracker of a workflow is not swept by itself: what the application keeps beside would go", async () => {
  const directory = await newFolder();
  const { path, database, artifacts, trackers } = stateFolder(directory);
  await mkdir(trackers, { recursive: true });
  await writeFile(database, "");
  const place = { store: `sqlite:///${join(trackers, "digits.db")}`, artifacts };
  await withTracking(place, async ({ context }) => {
    await context.artifacts.put(Readable.from([Buffer.from("of the cache")]));
  });
  const swept = withStandalone({ directory: path }, place, ({ collect }) =>
    collect({ graceMs: 0, force: true }),
  );
  await expect(swept).rejects.toMatchObject({ code: "SCANFLOW_USAGE" });
  const kept = await openContentStore(artifacts);
  expect(
    (await kept.sweep({ live: [], graceMs: 0, now: Number.MAX_SAFE_INTEGER, dryRun: true })).removed,
  ).toBe(1);
});
