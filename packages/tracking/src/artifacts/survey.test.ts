import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { surveyOf } from "./survey.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";

async function folder(): Promise<string> {
  const { work } = await temporaryStore();
  const path = join(work, "folder");
  mkdirSync(join(path, "deep/empty"), { recursive: true });
  writeFileSync(join(path, "a.txt"), "aa");
  writeFileSync(join(path, "deep/b.txt"), "b");
  symlinkSync("a.txt", join(path, "link"));
  return path;
}

test("a survey counts files and bytes, and says the same as long as nothing is written", async () => {
  const path = await folder();
  const first = await surveyOf(path);
  expect(first).toMatchObject({ kind: "folder", files: 2, bytes: 3 });
  renameSync(path, `${path}-moved`);
  expect(await surveyOf(`${path}-moved`)).toEqual(first);
  expect(await surveyOf(join(`${path}-moved`, "a.txt"))).toMatchObject({ kind: "file", files: 1, bytes: 2 });
});

const changes: Readonly<Record<string, (path: string) => void>> = {
  "another time of the last write": (path) => utimesSync(join(path, "a.txt"), 1, 1),
  "another size": (path) => {
    writeFileSync(join(path, "a.txt"), "aaa");
    utimesSync(join(path, "a.txt"), 1000, 1000);
  },
  "a new file": (path) => writeFileSync(join(path, "deep/c.txt"), ""),
  "a file that went": (path) => rmSync(join(path, "deep/b.txt")),
  "another name": (path) => renameSync(join(path, "a.txt"), join(path, "c.txt")),
  "an executable bit": (path) => chmodSync(join(path, "a.txt"), 0o755),
  "another link": (path) => {
    rmSync(join(path, "link"));
    symlinkSync("deep/b.txt", join(path, "link"));
  },
  "an empty folder that went": (path) => rmSync(join(path, "deep/empty"), { recursive: true }),
};

test.each(Object.keys(changes))("%s gives another fingerprint", async (what) => {
  const path = await folder();
  // The name that the link leads to stays, so that only the name itself is told.
  if (what === "another name") rmSync(join(path, "link"));
  const before = await surveyOf(path);
  utimesSync(join(path, "deep/b.txt"), 1000, 1000);
  const steady = await surveyOf(path);
  expect(steady.fingerprint).not.toBe(before.fingerprint);
  changes[what]?.(path);
  expect((await surveyOf(path)).fingerprint).not.toBe(steady.fingerprint);
});

test("what passes is told: all bytes and files of a folder, on its way in and out", async () => {
  const { store, work } = await temporaryStore();
  const path = await folder();
  // Larger than what is read at once.
  writeFileSync(join(path, "large.bin"), Buffer.alloc(3_000_000, "x"));
  const { files, bytes } = await surveyOf(path);
  const counter = () => {
    const told = { bytes: 0, files: 0, times: 0 };
    const passed = (some: number, done: number) => {
      told.bytes += some;
      told.files += done;
      told.times += 1;
    };
    return { told, passed };
  };
  const into = counter();
  const { digest } = await store.publish(path, { passed: into.passed });
  expect(into.told).toMatchObject({ files, bytes });
  const out = counter();
  await store.materialise(digest, join(work, "back"), { passed: out.passed });
  expect(out.told).toMatchObject({ files, bytes });
  for (const { times } of [into.told, out.told]) expect(times).toBeGreaterThan(2 * files);
});

test("who throws when told ends the copy, and nothing lies at its place", async () => {
  const { store, work } = await temporaryStore();
  const path = await folder();
  const stop = () => {
    throw new Error("enough");
  };
  await expect(store.publish(path, { passed: stop })).rejects.toThrow("enough");
  const { digest } = await store.publish(path);
  await expect(store.materialise(digest, join(work, "back"), { passed: stop })).rejects.toThrow("enough");
  await expect(surveyOf(join(work, "back"))).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_SOURCE" });
});
