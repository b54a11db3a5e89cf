import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { sha256Hex } from "./digest.ts";
import { type ArtifactStore, digestBytes, openArtifactStore } from "./index.ts";
import { drafts } from "./testing/damage.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { writeTree } from "./testing/tree.ts";

const index = new URL("./index.ts", import.meta.url).href;

/** Runs a program in a process of its own; `open`, `work` (a folder) and `say` are there for it. */
function startProgram(work: string, program: string): ChildProcess {
  const source = `
    import { openArtifactStore } from ${JSON.stringify(index)};
    import { mkdirSync, writeFileSync } from "node:fs";
    import { Readable } from "node:stream";
    const work = ${JSON.stringify(work)};
    const say = (line) => process.stdout.write(line + "\\n");
    const store = await openArtifactStore({ root: work + "/store", durable: false });
    ${program}`;
  const args = ["--conditions=source", "--input-type=module", "--eval", source];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((done) => child.once("exit", done));
}

/** Hashes every stored file with nothing of the store's own code between, then every folder through it. */
async function checkAll(store: ArtifactStore): Promise<{ files: number; folders: number }> {
  const list = (shelf: string) =>
    readdirSync(join(store.root, shelf)).flatMap((prefix) =>
      readdirSync(join(store.root, shelf, prefix)).map((hex) => ({
        hex,
        path: join(store.root, shelf, prefix, hex),
      })),
    );
  const files = list("sha256");
  for (const { hex, path } of files) expect(sha256Hex(readFileSync(path))).toBe(hex);
  const folders = list("folders");
  for (const { hex } of folders)
    expect(await store.verify(`sha256:${hex}`)).toMatchObject({ kind: "folder" });
  return { files: files.length, folders: folders.length };
}

/** Publishes files, folders and streams without end, some small, some large, some moved. */
const publishOn = `
  for (let round = 0; ; round += 1) {
    const name = process.pid + "-" + round;
    const folder = work + "/tree-" + name;
    mkdirSync(folder);
    for (let file = 0; file < 20; file += 1) writeFileSync(folder + "/" + file, name + " " + file);
    writeFileSync(folder + "/large", name.repeat(200_000));
    say("publish " + name);
    await store.publish(folder);
    say("put " + name);
    await store.put(Readable.from([Buffer.from("put " + name), Buffer.alloc(2_000_000, name)]));
    writeFileSync(work + "/moved-" + name, "moved " + name);
    say("move " + name);
    await store.publish(work + "/moved-" + name, { move: true });
    say("move-folder " + name);
    await store.publish(folder, { move: true });
    say("done " + name);
  }`;

test("a process killed at any moment leaves a store whose every file and folder is sound", {
  timeout: 120_000,
}, async () => {
  const work = temporaryFolder();
  let published = 0;
  for (let seed = 0; seed < 12; seed += 1) {
    const child = startProgram(work, publishOn);
    if (child.stdout === null) throw new Error("the child has no output");
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (said.length === 1 + ((seed * 7) % 13)) child.kill("SIGKILL");
    }
    expect(await ended(child)).toBeNull();

    const store = await openArtifactStore({ root: join(work, "store") });
    expect(drafts(store)).toEqual([]);
    const { files, folders } = await checkAll(store);
    expect(files).toBeGreaterThanOrEqual(published);
    published = files;
    if (said.length > 1) expect(folders).toBeGreaterThan(0);
    for (const name of said.filter((line) => line.startsWith("move ")).map((line) => line.slice(5))) {
      const kept = await store.has(digestBytes(`moved ${name}`));
      expect(kept || existsSync(join(work, `moved-${name}`))).toBe(true);
    }
    expect(existsSync(join(store.root, "quarantine"))).toBe(false);
  }
});

test("many processes that publish the same at once all succeed, and it is stored once", {
  timeout: 60_000,
}, async () => {
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
