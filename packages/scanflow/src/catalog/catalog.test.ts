import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { expect, onTestFinished, test } from "vitest";
import { stateFolder } from "../engine/index.ts";
import { Catalog } from "./catalog.ts";
import { catalogMigrations } from "./catalog-tables.ts";

interface Bench {
  readonly root: string;
  readonly catalog: Catalog;
  readonly artifacts: Awaited<ReturnType<typeof openArtifactStore>>;
  /** Adds a text as the dataset "d". */
  add(text: string, facts?: { owner?: string; sensitivity?: "public" | "restricted"; now?: number }): Add;
}
type Add = ReturnType<Catalog["add"]>;

async function bench(): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), "scanflow-catalog-"));
  const folder = stateFolder(root);
  await mkdir(folder.path);
  const store = await openStore<unknown>({ location: folder.database, migrations: catalogMigrations });
  onTestFinished(async () => {
    await store.close();
    await rm(root, { recursive: true, force: true });
  });
  const artifacts = await openArtifactStore({ root: folder.artifacts });
  const catalog = new Catalog({ folder, store, artifacts });
  let files = 0;
  const add: Bench["add"] = async (text, { now = 1, ...facts } = {}) => {
    const path = join(root, `${files++}.txt`);
    await writeFile(path, text);
    return catalog.add({ ...quiet, path, name: "d", user: "ana", now, ...facts });
  };
  return { root, catalog, artifacts, add };
}

const quiet = { tell: () => {}, signal: new AbortController().signal, now: 1 };

test("contents that are added at the same moment get a version each, the same content only one", async () => {
  const { catalog, add } = await bench();
  const texts = Array.from({ length: 12 }, (_, at) => `text ${at}`);
  const added = await Promise.all(texts.map((text) => add(text)));
  expect(added.map(({ created }) => created)).toEqual(texts.map(() => true));
  expect(added.map(({ version }) => version.version).sort((a, b) => a - b)).toEqual(
    texts.map((_, at) => at + 1),
  );
  const same = await Promise.all(texts.map(() => add("one text")));
  expect(same.filter(({ created }) => created)).toHaveLength(1);
  expect(same.map(({ version }) => version.version)).toEqual(texts.map(() => 13));
  const [dataset] = await catalog.list();
  expect(dataset?.versions.map(({ version }) => version)).toEqual(
    Array.from({ length: 13 }, (_, at) => 13 - at),
  );
});

test("content that was there before the newest is a version of its own", async () => {
  const { add } = await bench();
  for (const text of ["a", "b"]) await add(text);
  expect(await add("a")).toMatchObject({ created: true, version: { version: 3 } });
});

test("a sweep that read the references before leaves what was added meanwhile, until it is removed", async () => {
  const { catalog, artifacts, add } = await bench();
  const { version } = await add("kept");
  const sweep = () => artifacts.sweep({ live: [], graceMs: 0, now: Date.now() + 60_000 });
  expect(await sweep()).toMatchObject({ removed: 0 });
  await catalog.remove("d@1");
  expect(await sweep()).toMatchObject({ removed: 1 });
  expect(await artifacts.has(version.digest)).toBe(false);
});

test.each([
  ["d@0", "SCANFLOW_DATA_NAME"],
  ["d@1@2", "SCANFLOW_DATA_NAME"],
  ["../d", "SCANFLOW_DATA_NAME"],
  [".d", "SCANFLOW_DATA_NAME"],
  ["", "SCANFLOW_DATA_NAME"],
  ["d@2", "SCANFLOW_DATA_UNKNOWN"],
  ["e", "SCANFLOW_DATA_UNKNOWN"],
])("%j is refused as the name of a version by %s", async (name, code) => {
  const { catalog, add } = await bench();
  await add("text");
  await expect(catalog.show(name)).rejects.toMatchObject({ code });
});

test("the state cannot be data, nor a folder that holds it", async () => {
  const { root, catalog } = await bench();
  for (const path of [root, join(root, ".scanflow"), join(root, ".scanflow/scanflow.db")]) {
    const added = catalog.add({ ...quiet, path, user: null });
    await expect(added).rejects.toMatchObject({ code: "SCANFLOW_INPUT_STATE" });
  }
});

test("what was said last of a dataset counts, wherever it was said", async () => {
  const [here, there] = [await bench(), await bench()];
  const remote = pathToFileURL(join(here.root, "remote")).href;
  await here.add("one", { owner: "ana", now: 10 });
  await here.catalog.push({ ...quiet, remote });
  await there.catalog.pull({ ...quiet, remote, all: false });
  await here.add("one", { sensitivity: "restricted", now: 20 });
  await here.catalog.push(quiet);
  // Said nothing of it since, it does not take the word back.
  await there.add("two", { now: 30 });
  await there.catalog.push(quiet);
  await there.catalog.pull({ ...quiet, all: true });
  const told = [{ name: "d", owner: "ana", sensitivity: "restricted", told: 20 }];
  expect(await there.catalog.list()).toMatchObject(told);
  await here.catalog.pull({ ...quiet, all: true });
  expect(await here.catalog.list()).toEqual(await there.catalog.list());
});

test("of several that push one new number at the same moment one is told that it did, and it did", async () => {
  const places = await Promise.all(Array.from({ length: 5 }, bench));
  const remote = pathToFileURL(join(places[0]?.root ?? "", "remote")).href;
  await Promise.all(places.map(({ add }, at) => add(`text ${at}`)));
  const pushed = await Promise.allSettled(places.map(({ catalog }) => catalog.push({ ...quiet, remote })));
  const done = pushed.flatMap((one) => (one.status === "fulfilled" ? one.value.moved : []));
  expect(done).toHaveLength(1);
  for (const one of pushed) {
    if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "SCANFLOW_DATA_CONFLICT" });
  }
  const other = await bench();
  const { moved } = await other.catalog.pull({ ...quiet, remote, all: false });
  expect(moved.map(({ digest }) => digest)).toEqual(done.map(({ digest }) => digest));
});

test("a transfer that nobody waits for any more stops, notes nothing, and goes on later where it was", async () => {
  const [here, there] = [await bench(), await bench()];
  const remote = pathToFileURL(join(here.root, "remote")).href;
  const folder = join(here.root, "many");
  await mkdir(folder);
  for (let at = 0; at < 40; at++) await writeFile(join(folder, `${at}`), `content ${at}`);
  await here.catalog.add({ ...quiet, path: folder, user: null });
  const left = new AbortController();
  const options = {
    now: 1,
    signal: left.signal,
    tell: ({ files }: { files: number }) => files > 9 && left.abort(),
  };
  const cut = here.catalog.push({ ...options, remote });
  await expect(cut).rejects.toMatchObject({ code: "SCANFLOW_OWNER_CLOSING" });
  await expect(there.catalog.pull({ ...quiet, remote, name: "many", all: false })).rejects.toMatchObject({
    code: "SCANFLOW_DATA_UNKNOWN",
  });
  const { moved } = await here.catalog.push({ ...quiet, remote });
  const sent = moved[0]?.objects ?? 0;
  expect(sent).toBeGreaterThan(1);
  expect(sent).toBeLessThan(35);
  const pulled = await there.catalog.pull({ ...quiet, remote, all: false });
  expect(pulled.moved).toMatchObject([{ dataset: "many", objects: 41 }]);
});
