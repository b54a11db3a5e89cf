import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readGzip, readTar, type TarFile, writeTar } from "../../archive/index.ts";
import { temporaryFolder } from "../../store/temporary-folder.support.ts";
import { bytesOf, openTestTracking } from "../../test-tracking.support.ts";
import { importFrom } from "../import-from.ts";
import { archiveOf, filled } from "./filled-archive.support.ts";

interface Entry {
  readonly path: string;
  readonly text: string;
}

const ofRun = /^runs\/made/;

/** Changes of a sound archive that must be seen before anything of it is used. */
test.each<[string, (entries: Entry[]) => Entry[], string]>([
  ["lacks its list", (all) => all.slice(0, -1), "DAMAGED"],
  ["lacks a run", (all) => all.filter(({ path }) => !ofRun.test(path)), "DAMAGED"],
  ["lacks a file", (all) => all.filter(({ path }) => !path.startsWith("files/")), "DAMAGED"],
  ["holds another file under a digest", (all) => edit(all, /^files\//, () => "evil"), "DAMAGED"],
  [
    "holds a record that its list does not know",
    (all) => edit(all, ofRun, (text) => text.replace("FINISHED", "FAILED")),
    "DAMAGED",
  ],
  ["holds a run of another id", (all) => edit(all, ofRun, (text) => text.replace("made", "evil")), "DAMAGED"],
  ["holds a record that is none", (all) => edit(all, ofRun, () => "{}"), "DAMAGED"],
  [
    "holds something behind its list",
    (all) => [...all, { path: `files/${"0".repeat(64)}`, text: "" }],
    "DAMAGED",
  ],
  ["has a path that leaves", (all) => insert(all, "../../etc/passwd"), "UNSAFE"],
  ["has an absolute path", (all) => insert(all, "/etc/passwd"), "UNSAFE"],
  ["has a path of its own making", (all) => insert(all, "scanflow.db"), "UNSAFE"],
  ["has an entry twice", (all) => insert(all, "runs/made.json"), "UNSAFE"],
  [
    "names a file that leaves its run",
    (all) => edit(all, ofRun, (text) => text.replace("a/b.txt", "../../b.txt")),
    "UNSAFE",
  ],
  [
    "names a file by an encoded way out",
    (all) => edit(all, ofRun, (text) => text.replace("a/b.txt", "%252e%252e/b")),
    "UNSAFE",
  ],
  [
    "says another size of a file",
    (all) => edit(all, ofRun, (text) => text.replace('"size":4', '"size":5')),
    "DAMAGED",
  ],
  [
    "has a later format",
    (all) => edit(all, /^contents/, (text) => text.replace('"format":1', '"format":2')),
    "FORMAT",
  ],
  ["begins with something else", (all) => all.slice(1), "FORMAT"],
  ["is empty", () => [], "FORMAT"],
])("an archive that %s is refused, and nothing of it is taken", async (_, change, code) => {
  const { tracking } = await filled();
  const entries = await entriesOf(await archiveOf(tracking));
  await refused(gzipSync(await bytesOfTar(change(entries))), `SCANFLOW_PACK_${code}`);
});

test("an archive with a link, or cut off anywhere, is refused, and nothing of it is taken", async () => {
  const { tracking } = await filled();
  const sound = gunzipSync(await readFile(await archiveOf(tracking)));
  const link = Buffer.from(sound);
  // The type of the first entry, and the sum of its header (POSIX ustar).
  link.write("2", 156, "latin1");
  const sum = link
    .subarray(0, 512)
    .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  link.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  await refused(gzipSync(link), "SCANFLOW_PACK_UNSAFE");
  for (const part of [0.2, 0.5, 0.99]) {
    await refused(gzipSync(sound.subarray(0, sound.length * part)), "SCANFLOW_PACK_DAMAGED");
    const whole = gzipSync(sound);
    await refused(whole.subarray(0, whole.length * part), "SCANFLOW_PACK_DAMAGED");
  }
});

function edit(entries: Entry[], which: RegExp, change: (text: string) => string): Entry[] {
  return entries.map(({ path, text }) => ({ path, text: which.test(path) ? change(text) : text }));
}

function insert(entries: Entry[], path: string): Entry[] {
  return entries.toSpliced(-1, 0, { path, text: "evil" });
}

async function refused(archive: Buffer, code: string): Promise<void> {
  const { tracking, store, artifacts } = await openTestTracking();
  const from = join(await temporaryFolder(), "x.tar.gz");
  await writeFile(from, archive);
  await expect(importFrom(tracking, { from })).rejects.toMatchObject({ code });
  expect(await store.read("SELECT run_id FROM tracking_runs")).toEqual([]);
  expect(await store.read("SELECT id FROM tracking_experiments WHERE id <> 0")).toEqual([]);
  expect(await artifacts.sweep({ live: [], graceMs: 0, now: Date.now() })).toMatchObject({ removed: 0 });
}

async function entriesOf(archive: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { path, content } of readTar(readGzip(archive))) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    entries.push({ path, text: Buffer.concat(chunks).toString() });
  }
  return entries;
}

async function bytesOfTar(entries: readonly Entry[]): Promise<Buffer> {
  const files = entries.map(({ path, text }): TarFile => {
    return { path, size: Buffer.byteLength(text), content: bytesOf(text) };
  });
  return Buffer.concat(await Array.fromAsync(writeTar(files)));
}
