import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorkTask } from "@scanflow/core";
import { type ArtifactStore, digestBytes, openArtifactStore } from "@scanflow/tracking/artifacts";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { planOf, temporaryFolder } from "./engine.test.support.ts";
import { FileDigests } from "./file-digests.ts";
import { Holds } from "./holds.ts";
import { Preparation } from "./preparation.ts";

let root: string;
let artifacts: ArtifactStore;

beforeEach(async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  root = folder.path;
  await mkdir(join(root, "data"));
  await writeFile(join(root, "data/raw.txt"), "raw");
  artifacts = await openArtifactStore({ root: join(root, "store"), durable: false });
});

const late = () => ({ live: [], graceMs: 0, now: Date.now() + 60_000 });

async function prepared(holds: Holds, fixed: Readonly<Record<string, string>> = {}) {
  const node = { run: "true", inputs: { raw: { file: "data/raw.txt" }, all: { file: "data" } } };
  const task = planOf({ node }).tasks[0] as WorkTask;
  const preparation = new Preparation({ root, artifacts, digests: new FileDigests() });
  const content = {
    raw: { kind: "file", path: "data/raw.txt" },
    all: { kind: "file", path: "data" },
  } as const;
  return preparation.prepare(task, { params: {}, inputs: content, services: {} }, { fixed, data: {}, holds });
}

test("what a task is about to read stays while it waits, however old it is, and no longer", async () => {
  const before = await prepared(new Holds(artifacts));
  const holds = new Holds(artifacts);
  expect((await prepared(holds)).inputs).toEqual(before.inputs);
  expect(await artifacts.sweep(late())).toMatchObject({ removed: 0 });
  for (const digest of Object.values(before.inputs)) await artifacts.verify(digest);
  holds.release();
});

test("a released hold keeps nothing", async () => {
  const holds = new Holds(artifacts);
  await prepared(holds);
  holds.release();
  expect(await artifacts.sweep(late())).toMatchObject({ kept: 0 });
});

test("a digest that stands for a file is read in its place, and the file is not looked at", async () => {
  const other = digestBytes("other");
  const { inputs, parts } = await prepared(new Holds(artifacts), { "data/raw.txt": other, data: other });
  expect(inputs).toEqual({ raw: other, all: other });
  expect(parts["input: raw"]).toBe(other);
  expect(await artifacts.has(digestBytes("raw"))).toBe(false);
});
