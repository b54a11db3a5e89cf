import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../bench.test.support.ts";
import { CheckpointFolders } from "./checkpoint-folders.ts";

test("a folder that was left empty goes to the next task, one that was used stays", async () => {
  const root = await temporaryFolder();
  const place = (name: string) => join(root, "checkpoints", name);
  const folders = new CheckpointFolders();
  folders.open(place("a"));
  folders.close(place("a"));
  folders.open(place("b"));
  expect(readdirSync(join(root, "checkpoints"))).toEqual(["b"]);
  writeFileSync(join(place("b"), "kept"), "1");
  folders.close(place("b"));
  folders.open(place("c"));
  expect(readdirSync(join(root, "checkpoints"))).toEqual(["b", "c"]);
  expect(readdirSync(place("b"))).toEqual(["kept"]);
});

test("a task that is tried again keeps its empty folder, and nobody else gets it meanwhile", async () => {
  const root = await temporaryFolder();
  const folders = new CheckpointFolders();
  const [again, other] = [join(root, "again"), join(root, "other")];
  folders.open(again);
  folders.close(again);
  folders.open(again);
  folders.open(other);
  expect([again, other].map((path) => existsSync(path))).toEqual([true, true]);
});

test("a folder that was removed since is made anew elsewhere", async () => {
  const root = await temporaryFolder();
  const folders = new CheckpointFolders();
  folders.open(join(root, "a"));
  folders.close(join(root, "a"));
  rmSync(join(root, "a"), { recursive: true });
  folders.open(join(root, "deep/b"));
  expect(existsSync(join(root, "deep/b"))).toBe(true);
});
