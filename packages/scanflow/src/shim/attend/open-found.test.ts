import { execFileSync } from "node:child_process";
import { mkdir, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../runners/bench.test.support.ts";
import { Changed, openFound } from "./open-found.ts";

test.each<[string, (root: string) => Promise<unknown>]>([
  ["a link", (root) => symlink(join(root, "secrets/state"), join(root, "checkpoint/deep/state"))],
  ["a pipe", async (root) => execFileSync("mkfifo", [join(root, "checkpoint/deep/state")])],
  ["a folder", (root) => mkdir(join(root, "checkpoint/deep/state"))],
  ["nothing", async () => {}],
  [
    "a link above it",
    async (root) => {
      await rename(join(root, "checkpoint/deep"), join(root, "checkpoint/aside"));
      await symlink(join(root, "secrets"), join(root, "checkpoint/deep"));
    },
  ],
])("a file in whose place %s was put is not read", async (_, swap) => {
  const root = await realpath(await temporaryFolder());
  for (const folder of ["checkpoint/deep", "secrets"]) {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, "state"), folder);
  }
  const found = { path: "deep/state", place: join(root, "checkpoint/deep/state") };
  const file = await openFound(found);
  expect(await file.readFile("utf8")).toBe("checkpoint/deep");
  await file.close();
  await rm(found.place);
  await swap(root);
  await expect(openFound(found)).rejects.toThrow(Changed);
});
