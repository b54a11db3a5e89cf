import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvent } from "@scanflow/core";
import { expect, test } from "vitest";
import { contents, openTestRooms, temporaryFolder } from "../upkeep.test.support.ts";
import { application, config, packed, planAt } from "./pack.test.support.ts";
import { unpack } from "./unpack.ts";

function outputsOf(events: readonly RunEvent[]): unknown {
  return events.flatMap((event) =>
    event.event === "attempt-succeeded" || event.event === "task-cached" ? [[event.task, event.outputs]] : [],
  );
}

test("what is unpacked elsewhere has the files that are needed, runs, and makes the same artifacts", async () => {
  const rooms = await openTestRooms(await application());
  const run = await rooms.run(await planAt(rooms.folder.root));
  const archive = await packed(rooms);
  expect(archive).toMatchObject({ application: "app", runs: [], artifacts: 0, leftOut: [] });
  const directory = await temporaryFolder();
  const { into } = await unpack(archive.out, { directory });
  expect(into).toBe(join(directory, "app"));
  const files = [...(await contents(into)).keys()].map((path) => path.slice(into.length + 1)).sort();
  expect(files).toEqual([".gitignore", "data/raw.csv", "scanflow.yaml", "steps/a.sh"]);
  expect((await stat(join(into, "steps/a.sh"))).mode & 0o111).not.toBe(0);
  const there = await openTestRooms(into);
  const again = await there.run(await planAt(into));
  expect(outputsOf(await there.events(again))).toEqual(outputsOf(await rooms.events(run)));
});

test("runs that come along are there as they were, and the next run is cached", async () => {
  const rooms = await openTestRooms(await application());
  const { root } = rooms.folder;
  const [plan, otherPlan] = [await planAt(root), await planAt(root, "other")];
  const first = await rooms.run(plan);
  const second = await rooms.run(plan);
  const other = await rooms.run(otherPlan);
  const archive = await packed(rooms, { runs: [second], artifacts: true });
  expect(archive.runs).toEqual([second]);
  const { into } = await unpack(archive.out, { directory: await temporaryFolder(), into: "there" });
  const there = await openTestRooms(into);
  expect((await there.engine.journal.runs()).map(({ run }) => run)).toEqual([second]);
  expect(await there.events(second)).toEqual(await rooms.events(second));
  for (const [path, bytes] of await contents(into)) {
    for (const gone of [first, other]) {
      // The run that stayed says itself where it took its outputs from.
      const mentions = gone === first ? bytes.includes(`"run":"${gone}","event"`) : bytes.includes(gone);
      expect(mentions, path).toBe(false);
    }
  }
  const third = await there.run(await planAt(into));
  expect((await there.events(third)).filter(({ event }) => event === "task-cached")).toHaveLength(2);
  for (const event of await there.events(third)) {
    if (event.event !== "task-cached") continue;
    for (const digest of Object.values(event.outputs)) await there.artifacts.verify(digest);
  }
});

test("all runs bring their logs, trackers and models", async () => {
  const rooms = await openTestRooms(await application());
  const run = await rooms.run(await planAt(rooms.folder.root));
  const archive = await packed(rooms, { runs: [run] });
  expect(archive.artifacts).toBe(0);
  const { into } = await unpack(archive.out, { directory: await temporaryFolder() });
  const there = await openTestRooms(into);
  const log = (root: string) => readFile(join(root, ".scanflow/logs", run, "a.1.log"));
  expect(await log(into)).toEqual(await log(rooms.folder.root));
  const tracked = "SELECT run_id, name, status FROM tracking_runs ORDER BY id";
  expect(await there.store.read(tracked)).toEqual(await rooms.store.read(tracked));
});

test("the same application gives the same bytes", async () => {
  const root = await application();
  const copy = join(await temporaryFolder(), "copy");
  await cp(root, copy, { recursive: true });
  const digests = [];
  for (const folder of [root, copy]) {
    const { out } = await packed(await openTestRooms(folder));
    digests.push(
      createHash("sha256")
        .update(await readFile(out))
        .digest("hex"),
    );
  }
  expect(new Set(digests).size).toBe(1);
});

test("links that leave the folder and inputs that are not in it are left out and named", async () => {
  const root = await application();
  await symlink("/etc/hostname", join(root, "outside"));
  await symlink("steps/a.sh", join(root, "inside"));
  await writeFile(
    join(root, "scanflow.yaml"),
    config.replace('run: "echo other"', 'run: "cat {{inputs.z}}", inputs: { z: { file: nowhere.csv } }'),
  );
  const archive = await packed(await openTestRooms(root));
  expect(archive.leftOut).toEqual(["nowhere.csv", "outside"]);
  const { into } = await unpack(archive.out, { directory: await temporaryFolder() });
  expect(existsSync(join(into, "outside"))).toBe(false);
  expect(await readFile(join(into, "inside"), "utf8")).toContain("echo a");
});

test("a run that has not ended is not packed, and nothing is overwritten", async () => {
  const root = await application();
  await writeFile(
    join(root, "scanflow.yaml"),
    config.replace('run: "echo other"', 'kind: approval, message: "?"'),
  );
  const rooms = await openTestRooms(root);
  const waiting = await rooms.engine.start(await planAt(root, "other"));
  await waiting.rest();
  await expect(packed(rooms, { runs: [waiting.id] })).rejects.toMatchObject({ code: "SCANFLOW_PACK_RUN" });
  const { out } = await packed(rooms);
  await expect(packed(rooms)).rejects.toMatchObject({ code: "SCANFLOW_FILE_EXISTS" });
  expect(await readdir(join(out, ".."))).toEqual(["app.scanflow.tgz", "here"]);
});
