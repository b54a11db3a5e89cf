import { appendFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFolder } from "./digest-of.ts";
import { readUnchanged } from "./source.ts";
import { temporaryFolder } from "./testing/temporary-folder.support.ts";
import { writeTree } from "./testing/tree.support.ts";
import { walkFolder } from "./walk.ts";

const changed = { code: "SCANFLOW_ARTIFACT_CHANGED" };

test("a file that grows, or is written again in the same size, while it is read is refused", async () => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, "first");
  await expect(readUnchanged(path, async () => appendFileSync(path, "!"))).rejects.toMatchObject(changed);
  utimesSync(path, 1, 1);
  await expect(readUnchanged(path, async () => writeFileSync(path, "other!"))).rejects.toMatchObject(changed);
  await expect(readUnchanged(path, async () => "unchanged")).resolves.toBe("unchanged");
});

test("a link that takes a file's place after the walk is not followed", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "secret"), "secret");
  symlinkSync("secret", join(folder, "file"));
  await expect(readUnchanged(join(folder, "file"), async () => undefined)).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_LINK",
  });
});

test.each<[string, (root: string) => void]>([
  ["gets a file", (root) => writeFileSync(join(root, "a/new"), "")],
  ["loses a file", (root) => rmSync(join(root, "a/one"))],
  ["loses a folder", (root) => rmSync(join(root, "b"), { recursive: true })],
  ["has a file renamed", (root) => renameSync(join(root, "a/one"), join(root, "a/other"))],
])("a folder that %s while it is read is refused", async (_, change) => {
  const root = writeTree(temporaryFolder(), { "a/one": { file: "1" }, "b/two": { file: "2" } });
  utimesSync(join(root, "a"), 1, 1);
  const found = await walkFolder(root);
  let first = true;
  const reading = readFolder(found, (path) =>
    readUnchanged(path, async () => {
      if (first) change(root);
      first = false;
      return { hex: "0".repeat(64), size: 1, executable: false };
    }),
  );
  await expect(reading).rejects.toMatchObject(changed);
});
