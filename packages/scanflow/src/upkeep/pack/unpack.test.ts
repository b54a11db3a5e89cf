import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeTar } from "@scanflow/tracking/archive";
import fc from "fast-check";
import { Header } from "tar";
import { describe, expect, test } from "vitest";
import { openTestRooms, temporaryFolder, uniqueWord } from "../upkeep.test.support.ts";
import { type PackManifest, packFormat } from "./manifest.ts";
import { application, packed, planAt } from "./pack.test.support.ts";
import { unpack } from "./unpack.ts";

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

  test("a version of data under a name that none can have", async () => {
    const version = {
      ...{ version: 1, digest: `sha256:${sha256("x")}`, kind: "file", size: 1, files: 1, fileName: "x" },
      ...{ schema: null, note: null, addedBy: null, added: 0 },
    };
    const archiveOf = (name: string) => {
      const dataset = { name, owner: null, sensitivity: "internal", description: null, told: 0 };
      const data = { path: "data/versions.json", text: JSON.stringify([{ dataset, version }]) };
      return build(manifestOf([file, data]), file, data);
    };
    const directory = await temporaryFolder();
    await writeFile(join(directory, "good.tgz"), await archiveOf("x"));
    await unpack(join(directory, "good.tgz"), { directory });
    expect(await refused(await archiveOf("../../x"))).toBe("SCANFLOW_PACK_DAMAGED");
  });

  test("a bomb: more than the disk has room for, or more behind its end", async () => {
    const huge = { path: "application/huge", size: Number.MAX_SAFE_INTEGER, sha256: "0".repeat(64) };
    expect(await refused(await build(manifestOf([], { files: [huge] })))).toBe("SCANFLOW_PACK_TOO_LARGE");
    const sound = await tarOf([manifestOf([file]), file]);
    const behind = gzipSync(Buffer.concat([sound, Buffer.alloc(50_000_000)]));
    expect(await refused(behind)).toBe("SCANFLOW_PACK_DAMAGED");
  });

  test("one that was cut off or in which any byte was altered", async () => {
    const rooms = await openTestRooms(await application());
    const run = await rooms.run(await planAt(rooms.folder.root));
    const { out } = await packed(rooms, { runs: [run], artifacts: true });
    const sound = await readFile(out);
    const plain = gunzipSync(sound);
    const places = meaningful(plain);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sound.length - 1),
        fc.nat(places.length - 1).map((at) => places[at] ?? 0),
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
      { numRuns: 50 },
    );
  });

  test("databases of a newer version", async () => {
    const database = new DatabaseSync(join(await temporaryFolder(), "newer.db"));
    const location = database.location() ?? "";
    database.exec("CREATE TABLE migrations (room TEXT, id TEXT, checksum TEXT, applied_ms BIGINT)");
    database.exec("INSERT INTO migrations VALUES ('engine', '999-later', 'x', 0)");
    database.close();
    const bytes = await readFile(location);
    const described = {
      path: "state/scanflow.db",
      size: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    };
    const manifest = manifestOf([], { files: [described] });
    const chunks: Uint8Array[] = [await tarOf([manifest])];
    const content = (async function* () {
      yield bytes;
    })();
    for await (const chunk of writeTar([{ ...described, content }])) chunks.push(chunk);
    const [first = Buffer.alloc(0), ...rest] = chunks;
    expect(await refused(gzipSync(Buffer.concat([first.subarray(0, -1024), ...rest])))).toBe(
      "SCANFLOW_STORE_NEWER",
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

/** Offsets of a tar that mean something: headers and content, not what fills a block up, nor the end mark. */
function meaningful(tar: Buffer): number[] {
  const places: number[] = [];
  for (let header = 0; tar[header] !== undefined && tar[header] !== 0; ) {
    const size = Number.parseInt(tar.toString("latin1", header + 124, header + 136), 8);
    for (let place = header; place < header + 512 + size; place++) places.push(place);
    header += 512 + Math.ceil(size / 512) * 512;
  }
  return places;
}
