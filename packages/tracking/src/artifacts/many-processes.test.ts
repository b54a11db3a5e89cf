import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestBytes, openArtifactStore } from "./index.ts";
import { checkAll, ended, startProgram } from "./testing/program.support.ts";
import { temporaryFolder } from "./testing/temporary-folder.support.ts";
import { writeTree } from "./testing/tree.support.ts";

test("many processes that publish the same at once all succeed, and it is stored once", async () => {
  const work = temporaryFolder();
  const large = Buffer.alloc(2_000_000, "same ");
  writeFileSync(join(work, "large"), large);
  const tree = writeTree(join(work, "tree"), { a: { file: "a" }, "b/c": { file: "c" }, d: { link: "b" } });
  const program = `
    say("ready");
    process.stdin.once("data", async () => {
      for (let round = 0; round < 20; round += 1) {
        const [file, folder] = await Promise.all([store.publish(work + "/large"), store.publish(work + "/tree")]);
        await store.verify(file.digest);
        await store.verify(folder.digest);
      }
      process.exit(0);
    });`;
  const children = [1, 2, 3].map(() => startProgram(work, program));
  await Promise.all(children.map((child) => new Promise((ready) => child.stdout?.once("data", ready))));
  for (const child of children) child.stdin?.write("go\n");
  const store = await openArtifactStore({ root: join(work, "store") });
  const own = await Promise.all(Array.from({ length: 20 }, () => store.publish(join(work, "large"))));

  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
  expect(new Set(own.map((artifact) => artifact.digest))).toEqual(new Set([digestBytes(large)]));
  expect(await checkAll(store)).toEqual({ files: 3, folders: 1 });
  expect(await store.publish(tree)).toMatchObject({ size: 2 });
});
