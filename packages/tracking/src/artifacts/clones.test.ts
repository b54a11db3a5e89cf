import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Clones } from "./clones.ts";
import { openArtifactStore } from "./index.ts";
import { damage, drafts, storedAt } from "./testing/damage.support.ts";
import { cloningDisk, smallDisk } from "./testing/system.support.ts";

const large = Buffer.alloc(3_000_000, "large ");

test("where files can be cloned they are, both ways, and are checked and writable all the same", async ({
  skip,
}) => {
  const disk = cloningDisk() ?? skip("mkfs.btrfs is missing, or this user may not mount");
  const path = join(disk, "file");
  writeFileSync(path, large);
  const device = statSync(disk, { bigint: true }).dev;
  expect(await new Clones().clone(path, join(disk, "clone"), device)).toBe(true);

  const store = await openArtifactStore({ root: join(disk, "store") });
  const { digest } = await store.publish(path);
  expect(drafts(store)).toEqual([]);
  expect(statSync(storedAt(store, digest)).mode & 0o777).toBe(0o444);
  await store.materialise(digest, join(disk, "out"));
  writeFileSync(join(disk, "out"), "changed");
  writeFileSync(path, "changed");
  await store.verify(digest);
  await store.materialise(digest, join(disk, "again"));
  expect(readFileSync(join(disk, "again")).equals(large)).toBe(true);

  damage(storedAt(store, digest));
  await expect(store.materialise(digest, join(disk, "bad"))).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_CORRUPT",
  });
});

test("a device that refuses once is not asked again, and nothing is left where the clone should be", async ({
  skip,
}) => {
  const disk = smallDisk(8) ?? skip("this user may not mount");
  const path = join(disk, "file");
  writeFileSync(path, large);
  const device = statSync(disk, { bigint: true }).dev;
  const clones = new Clones();
  expect(clones.mayClone(device)).toBe(true);
  expect(await clones.clone(path, join(disk, "clone"), device)).toBe(false);
  expect(clones.mayClone(device)).toBe(false);
  expect(() => statSync(join(disk, "clone"))).toThrow("ENOENT");
});
