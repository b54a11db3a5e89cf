import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../store/temporary-folder.support.ts";
import { readGzip, readTar, writeArchive } from "./index.ts";

test("of two archives that are written to one place at once, one appears whole and the other is refused", async () => {
  const folder = await temporaryFolder();
  const out = join(folder, "a.tar.gz");
  const refuseTaken = () => {
    if (existsSync(out)) throw new Error("taken");
  };
  const first = Promise.withResolvers<void>();
  async function* files(name: string, begin: () => Promise<void> | void) {
    await begin();
    yield {
      path: name,
      size: 3,
      content: (async function* () {
        yield Buffer.from("abc");
      })(),
    };
  }
  const slow = writeArchive(
    out,
    files("slow", () => first.promise),
    refuseTaken,
  );
  const quick = writeArchive(
    out,
    files("quick", () => {}),
    refuseTaken,
  );
  await quick;
  first.resolve();
  await expect(slow).rejects.toThrow("taken");
  expect(await readdir(folder)).toEqual(["a.tar.gz"]);
  for await (const { path, content } of readTar(readGzip(out))) {
    expect([path, Buffer.concat(await Array.fromAsync(content)).toString()]).toEqual(["quick", "abc"]);
  }
});
