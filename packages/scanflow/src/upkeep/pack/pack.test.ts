import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Plan, RunEvent } from "@scanflow/core";
import { planWorkflow } from "@scanflow/core";
import fc from "fast-check";
import { Header } from "tar";
import { describe, expect, test } from "vitest";
import { loadApplication } from "../../config/index.ts";
import {
  contents,
  openTestRooms,
  type TestRooms,
  temporaryFolder,
  uniqueWord,
} from "../upkeep.test.support.ts";
import { type PackManifest, packFormat } from "./manifest.ts";
import { type PackOptions, pack } from "./pack.ts";
import { writeTar } from "./tar-stream.ts";
import { unpack } from "./unpack.ts";

const config = `
application: app
main: main
workflows:
  main:
    nodes:
      a: { run: "sh steps/a.sh", inputs: { raw: { file: data/raw.csv } }, outputs: { folder: { type: folder } } }
      b: { run: "echo b; cat {{inputs.x}}/deep/x > {{outputs.y}}", inputs: { x: a.folder }, outputs: [y] }
  other:
    nodes: { c: { run: "echo other" } }
`;

async function application(): Promise<string> {
  const root = join(await temporaryFolder(), "here");
  await mkdir(join(root, "steps"), { recursive: true });
  await mkdir(join(root, "data"));
  await mkdir(join(root, "node_modules/x"), { recursive: true });
  await writeFile(join(root, "scanflow.yaml"), config);
  const step =
    'echo a; mkdir -p "$SCANFLOW_OUTPUT_FOLDER/deep"; cp "$SCANFLOW_INPUT_RAW" "$SCANFLOW_OUTPUT_FOLDER/deep/x"';
  await writeFile(join(root, "steps/a.sh"), step);
  await chmod(join(root, "steps/a.sh"), 0o755);
  await writeFile(join(root, "data/raw.csv"), "1,2\n");
  await writeFile(join(root, "data/other.csv"), "not needed");
  await writeFile(join(root, ".gitignore"), "*.csv\n");
  await writeFile(join(root, ".env"), "SECRET=1");
  await writeFile(join(root, "node_modules/x/index.js"), "0");
  return root;
}

async function planAt(root: string, workflow = "main"): Promise<Plan> {
  return planWorkflow((await loadApplication(join(root, "scanflow.yaml"))).application, workflow);
}

function outputsOf(events: readonly RunEvent[]): unknown {
  return events.flatMap((event) =>
    event.event === "attempt-succeeded" || event.event === "task-cached" ? [[event.task, event.outputs]] : [],
  );
}

function packed(rooms: TestRooms, options: Partial<PackOptions> = {}) {
  const out = join(rooms.folder.root, "../app.scanflow.tgz");
  return pack(rooms, { out, runs: [], artifacts: false, version: "0.1.0", ...options });
}

test("what is unpacked elsewhere has the files that are needed, runs, and makes the same artifacts", async () => {
  const rooms = await openTestRooms(await application());
  const run = await rooms.run(await planAt(rooms.folder.root));
  const archive = await packed(rooms);
  expect(archive).toMatchObject({ application: "app", runs: [], artifacts: 0, leftOut: [] });
  const directory = await temporaryFolder();
  const { into } = await unpack(archive.out, { directory });
  expect(into).toBe(join(directory, "app"));
  const files = [...(await contents(into)).keys()].map((path) => path.slice(into.length + 1)).sort();
  expect(files).toEqual([".gitignore", "data/raw.csv", "scanflow.yaml", "steps/a.sh"]);
  expect((await stat(join(into, "steps/a.sh"))).mode & 0o111).not.toBe(0);
  const there = await openTestRooms(into);
  const again = await there.run(await planAt(into));
  expect(outputsOf(await there.events(again))).toEqual(outputsOf(await rooms.events(run)));
});

test("runs that come along are there as they were, and the next run is cached", async () => {
  const rooms = await openTestRooms(await application());
  const { root } = rooms.folder;
  const [plan, otherPlan] = [await planAt(root), await planAt(root, "other")];
  const first = await rooms.run(plan);
  const second = await rooms.run(plan);
  const other = await rooms.run(otherPlan);
  const archive = await packed(rooms, { runs: [second], artifacts: true });
  expect(archive.runs).toEqual([second]);
  const { into } = await unpack(archive.out, { directory: await temporaryFolder(), into: "there" });
  const there = await openTestRooms(into);
  expect((await there.engine.journal.runs()).map(({ run }) => run)).toEqual([second]);
  expect(await there.events(second)).toEqual(await rooms.events(second));
  for (const [path, bytes] of await contents(into)) {
    for (const gone of [first, other]) {
      // The run that stayed says itself where it took its outputs from.
      const mentions = gone === first ? bytes.includes(`"run":"${gone}","event"`) : bytes.includes(gone);
      expect(mentions, path).toBe(false);
    }
  }
  const third = await there.run(await planAt(into));
  expect((await there.events(third)).filter(({ event }) => event === "task-cached")).toHaveLength(2);
  for (const event of await there.events(third)) {
    if (event.event !== "task-cached") continue;
    for (const digest of Object.values(event.outputs)) await there.artifacts.verify(digest);
  }
});

test("all runs bring their logs, trackers and models", async () => {
  const rooms = await openTestRooms(await application());
  const run = await rooms.run(await planAt(rooms.folder.root));
  const archive = await packed(rooms, { runs: [run] });
  expect(archive.artifacts).toBe(0);
  const { into } = await unpack(archive.out, { directory: await temporaryFolder() });
  const there = await openTestRooms(into);
  const log = (root: string) => readFile(join(root, ".scanflow/logs", run, "a.1.log"));
  expect(await log(into)).toEqual(await log(rooms.folder.root));
  const tracked = "SELECT run_id, name, status FROM tracking_runs ORDER BY id";
  expect(await there.store.read(tracked)).toEqual(await rooms.store.read(tracked));
});

test("the same application gives the same bytes", async () => {
  const root = await application();
  const copy = join(await temporaryFolder(), "copy");
  await cp(root, copy, { recursive: true });
  const digests = [];
  for (const folder of [root, copy]) {
    const { out } = await packed(await openTestRooms(folder));
    digests.push(
      createHash("sha256")
        .update(await readFile(out))
        .digest("hex"),
    );
  }
  expect(new Set(digests).size).toBe(1);
});

test("links that leave the folder and inputs that are not in it are left out and named", async () => {
  const root = await application();
  await symlink("/etc/hostname", join(root, "outside"));
  await symlink("steps/a.sh", join(root, "inside"));
  await writeFile(
    join(root, "scanflow.yaml"),
    config.replace('run: "echo other"', 'run: "cat {{inputs.z}}", inputs: { z: { file: nowhere.csv } }'),
  );
  const archive = await packed(await openTestRooms(root));
  expect(archive.leftOut).toEqual(["nowhere.csv", "outside"]);
  const { into } = await unpack(archive.out, { directory: await temporaryFolder() });
  expect(existsSync(join(into, "outside"))).toBe(false);
  expect(await readFile(join(into, "inside"), "utf8")).toContain("echo a");
});

test("a run that has not ended is not packed, and nothing is overwritten", async () => {
  const root = await application();
  await writeFile(
    join(root, "scanflow.yaml"),
    config.replace('run: "echo other"', 'kind: approval, message: "?"'),
  );
  const rooms = await openTestRooms(root);
  const waiting = await rooms.engine.start(await planAt(root, "other"));
  await waiting.rest();
  await expect(packed(rooms, { runs: [waiting.id] })).rejects.toMatchObject({ code: "SCANFLOW_PACK_RUN" });
  const { out } = await packed(rooms);
  await expect(packed(rooms)).rejects.toMatchObject({ code: "SCANFLOW_FILE_EXISTS" });
  expect(await readdir(join(out, ".."))).toEqual(["app.scanflow.tgz", "here"]);
});

describe("an archive that cannot be trusted leaves nothing behind", () => {
  interface Entry {
    readonly path: string;
    readonly text: string;
  }

  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const file: Entry = { path: "application/scanflow.yaml", text: "application: app" };

  function manifestOf(files: readonly Entry[], change: Record<string, unknown> = {}): Entry {
    const described = files.map(({ path, text }) => ({
      path,
      size: Buffer.byteLength(text),
      sha256: sha256(text),
    }));
    const manifest = { format: packFormat, application: "app", scanflow: "0", runs: [], files: described };
    return {
      path: "manifest.json",
      text: JSON.stringify({ ...manifest, ...change } satisfies Partial<PackManifest> | object),
    };
  }

  async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
    const files = entries.map(({ path, text }) => {
      const bytes = Buffer.from(text);
      return {
        path,
        size: bytes.length,
        content: (async function* () {
          yield bytes;
        })(),
      };
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeTar(files)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function refused(bytes: Uint8Array): Promise<unknown> {
    const directory = await temporaryFolder();
    const archive = join(directory, "bad.tgz");
    await writeFile(archive, bytes);
    const error = await unpack(archive, { directory }).catch((thrown: unknown) => thrown);
    expect(await readdir(directory)).toEqual(["bad.tgz"]);
    return error instanceof Error && "code" in error ? error.code : "unpacked";
  }

  const build = async (...entries: Entry[]) => gzipSync(await tarOf(entries));

  test("a sound one is unpacked", async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, "good.tgz"), await build(manifestOf([file]), file));
    expect(await unpack(join(directory, "good.tgz"), { directory })).toMatchObject({ files: 1, runs: [] });
  });

  test.each([
    "application/../../evil",
    "/etc/evil",
    "application//evil",
    "application/./evil",
    "application\\..\\evil",
    "elsewhere/evil",
    "application/.scanflow/lock",
    "application/.Scanflow/lock",
    "state/../evil",
    "state/server.json",
    "state/logs/../../evil",
    "artifacts/files/evil",
    "application/nul\0",
  ])("path %j", async (path) => {
    const evil = { path, text: "evil" };
    expect(await refused(await build(manifestOf([evil]), evil))).toBe("SCANFLOW_PACK_UNSAFE");
  });

  test("the same path twice, also in other letters, or as a file and a folder", async () => {
    for (const path of ["application/SCANFLOW.yaml", "application/scanflow.yaml/inside"]) {
      const other = { path, text: "evil" };
      expect(await refused(await build(manifestOf([file, other]), file, other))).toBe("SCANFLOW_PACK_UNSAFE");
    }
  });

  test.each(["SymbolicLink", "Link", "CharacterDevice", "BlockDevice", "FIFO", "Directory"] as const)(
    "an entry of type %s",
    async (type) => {
      const block = Buffer.alloc(512);
      new Header({ path: file.path, type, linkpath: "/etc/passwd", size: 0, mode: 0o644 }).encode(block, 0);
      const manifest = await tarOf([manifestOf([file])]);
      const bytes = Buffer.concat([manifest.subarray(0, -1024), block, Buffer.alloc(1024)]);
      expect(await refused(gzipSync(bytes))).toBe("SCANFLOW_PACK_UNSAFE");
    },
  );

  test("a newer format, no format, no JSON, no archive, nothing", async () => {
    expect(await refused(await build(manifestOf([file], { format: packFormat + 1 }), file))).toBe(
      "SCANFLOW_PACK_FORMAT",
    );
    expect(await refused(await build(manifestOf([file], { format: undefined }), file))).toBe(
      "SCANFLOW_PACK_FORMAT",
    );
    expect(await refused(await build({ path: "manifest.json", text: "{" }))).toBe("SCANFLOW_PACK_FORMAT");
    expect(await refused(await build(file))).toBe("SCANFLOW_PACK_FORMAT");
    expect(await refused(randomBytes(2000))).toBe("SCANFLOW_PACK_FORMAT");
    const missing = unpack("/nowhere/there.tgz", { directory: await temporaryFolder() });
    await expect(missing).rejects.toMatchObject({ code: "SCANFLOW_PACK_FORMAT" });
  });

  test("content that is missing, more, in another order, or not what the manifest says", async () => {
    const other = { path: "application/other", text: "other" };
    const changed = { ...file, text: "application: APP" };
    const longer = { ...file, text: `${file.text} and more` };
    const manifest = manifestOf([file, other]);
    expect(await refused(await build(manifest, file))).toBe("SCANFLOW_PACK_DAMAGED");
    expect(await refused(await build(manifest, other, file))).toBe("SCANFLOW_PACK_DAMAGED");
    expect(await refused(await build(manifestOf([file]), file, other))).toBe("SCANFLOW_PACK_DAMAGED");
    expect(await refused(await build(manifest, changed, other))).toBe("SCANFLOW_PACK_DAMAGED");
    expect(await refused(await build(manifest, longer, other))).toBe("SCANFLOW_PACK_TOO_LARGE");
  });

  test("a bomb: more than the disk has room for, or more behind its end", async () => {
    const huge = { path: "application/huge", size: Number.MAX_SAFE_INTEGER, sha256: "0".repeat(64) };
    expect(await refused(await build(manifestOf([], { files: [huge] })))).toBe("SCANFLOW_PACK_TOO_LARGE");
    const sound = await tarOf([manifestOf([file]), file]);
    const behind = gzipSync(Buffer.concat([sound, Buffer.alloc(50_000_000)]));
    expect(await refused(behind)).toBe("SCANFLOW_PACK_DAMAGED");
  });

  test("one that was cut off or in which any byte was altered", { timeout: 60_000 }, async () => {
    const rooms = await openTestRooms(await application());
    const run = await rooms.run(await planAt(rooms.folder.root));
    const { out } = await packed(rooms, { runs: [run], artifacts: true });
    const sound = await readFile(out);
    const plain = gunzipSync(sound);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sound.length - 1),
        fc.nat(plain.length - 1),
        fc.nat(7),
        async (cut, place, bit) => {
          expect(await refused(sound.subarray(0, cut))).toMatch(/^SCANFLOW_PACK_(DAMAGED|FORMAT)$/);
          const altered = Buffer.from(plain);
          altered[place] = (altered[place] ?? 0) ^ (1 << bit);
          const answer = await refused(gzipSync(altered, { level: 1 }));
          // A bit of a header's mode or of an unused field changes nothing that is unpacked; the checksum sees it all the same.
          expect(answer).toMatch(/^SCANFLOW_/);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("a destination that is not empty", async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, "good.tgz"), await build(manifestOf([file]), file));
    await mkdir(join(directory, "app"));
    await writeFile(join(directory, "app/mine"), uniqueWord());
    const unpacking = unpack(join(directory, "good.tgz"), { directory });
    await expect(unpacking).rejects.toMatchObject({ code: "SCANFLOW_PACK_DESTINATION" });
    expect(await readdir(join(directory, "app"))).toEqual(["mine"]);
  });
});
