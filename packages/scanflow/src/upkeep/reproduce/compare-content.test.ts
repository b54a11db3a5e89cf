import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type ArtifactStore, openArtifactStore } from "@scanflow/tracking/artifacts";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "../upkeep.test.support.ts";
import { compareContent } from "./compare-content.ts";

let artifacts: ArtifactStore;
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  artifacts = await openArtifactStore({ root: join(folder, "store"), durable: false });
});

async function put(content: string | Uint8Array): Promise<string> {
  return (await artifacts.put(Readable.from([Buffer.from(content)]))).digest;
}

async function putFolder(name: string, files: Record<string, string>): Promise<string> {
  await mkdir(join(folder, name));
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, name, path), text);
  return (await artifacts.publish(join(folder, name))).digest;
}

test.each<[string, string | Uint8Array, string | Uint8Array, string]>([
  ["a line of text", "a\nb\nc\n", "a\nB\nc\n", 'line 2: "b" before, "B" now'],
  ["text that goes on", "a\n", "a\nmore", 'line 2: "" before, "more" now'],
  ["the first line", "x", "yy", 'line 1: "x" before, "yy" now'],
  ["a value of JSON", '{"a": [1, {"b": 2}]}', '{"a": [1, {"b": 3}]}', "a[1].b: 2 before, 3 now"],
  ["a missing value", '{"a": 1}', "{}", "a: 1 before, nothing now"],
  ["spaces of JSON", '{"a":1}', '{ "a": 1 }', "the same JSON, written differently"],
  ["bytes", new Uint8Array([0, 1, 2]), new Uint8Array([0, 1, 255]), "byte 2 (0x02 before, 0xff now)"],
  ["bytes that end", new Uint8Array([0, 1, 2]), new Uint8Array([0, 1]), "byte 2 (0x02 before, the end now)"],
])("files that differ in %s", async (_, before, after, words) => {
  expect(await compareContent(artifacts, await put(before), await put(after))).toBe(words);
});

test("folders that differ in a file, or in what there is", async () => {
  const one = await putFolder("one", { a: "same", b: "x\n" });
  const other = await putFolder("other", { a: "same", b: "y\n" });
  const more = await putFolder("more", { a: "same", b: "x\n", c: "new" });
  expect(await compareContent(artifacts, one, other)).toBe('b: line 1: "x" before, "y" now');
  expect(await compareContent(artifacts, one, more)).toBe("c is new");
  expect(await compareContent(artifacts, more, one)).toBe("c is not there any more");
  expect(await compareContent(artifacts, one, await put("file"))).toBe("it was a folder and is a file");
});

test("what is not kept any more is said to be so", async () => {
  const gone = await put("gone");
  await artifacts.sweep({ live: [], graceMs: 0, now: Date.now() + 1000 });
  expect(await compareContent(artifacts, gone, await put("here"))).toContain("not kept any more");
});
