import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { digestOf } from "@scanflow/tracking/artifacts";
import fc from "fast-check";
import { Header } from "tar";
import { expect, onTestFinished, test } from "vitest";
import { type FolderContent, folderDigest } from "../folder-digest.ts";
import { readTar } from "./read-tar.ts";
import { unpack } from "./unpack.ts";
import { type TarEntry, writeTar } from "./write-tar.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "scanflow-tar-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const file = (path: string, text = "x"): TarEntry => ({
  kind: "file",
  path,
  size: Buffer.byteLength(text),
  content: async function* () {
    yield Buffer.from(text);
  },
});

async function* inPieces(source: AsyncIterable<Uint8Array>, length: number) {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length);
  }
}

const name = fc
  .string({
    unit: fc.constantFrom("a", "ü", "日", " ", "%", "é", "-", "x".repeat(60)),
    minLength: 1,
    maxLength: 4,
  })
  .filter((text) => text.trim() !== "");

test("a folder that went through an archive has the digest that the artifact store gives it", async () => {
  const paths = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), {
    selector: (parts) => parts.join("/"),
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(paths, fc.integer({ min: 1, max: 700 }), async (given, length) => {
      const source = await folder();
      const target = await folder();
      for (const [at, parts] of given.entries()) {
        const place = join(source, ...parts);
        const made = await mkdir(dirname(place), { recursive: true }).catch(() => null);
        if (made === null) continue;
        const kind = at % 4;
        await (kind === 0
          ? mkdir(place)
          : kind === 1
            ? symlink(".", place)
            : writeFile(place, "y".repeat(at * 300))
        ).catch(() => undefined);
        if (kind === 2) await chmod(place, 0o755).catch(() => undefined);
      }
      const { digest } = await digestOf(source);
      const entries = await entriesOf(source);
      const content: FolderContent[] = await unpack(inPieces(writeTar(entries), length), target);
      expect(folderDigest(content)).toBe(digest);
      expect((await digestOf(target)).digest).toBe(digest);
    }),
    { numRuns: 40 },
  );
});

/** As `publish` lists a folder, from the outside. */
async function entriesOf(source: string): Promise<TarEntry[]> {
  const found = await readdir(source, { recursive: true, withFileTypes: true });
  const { readlink, readFile, stat } = await import("node:fs/promises");
  return Promise.all(
    found.map(async (entry): Promise<TarEntry> => {
      const place = join(entry.parentPath, entry.name);
      const path = place.slice(source.length + 1);
      if (entry.isSymbolicLink()) return { kind: "link", path, link: await readlink(place) };
      if (entry.isDirectory()) return { kind: "folder", path };
      const bytes = await readFile(place);
      const executable = ((await stat(place)).mode & 0o100) !== 0;
      const content = async function* () {
        yield bytes;
      };
      return { kind: "file", path, size: bytes.length, executable, content };
    }),
  );
}

test.each([
  ["above the folder", [file("../x")]],
  ["of an absolute path", [file("/x")]],
  ["of a dot", [file("a/./x")]],
  ["with a null", [file("a\0b")]],
  ["of a link that leads out", [{ kind: "link", path: "a/l", link: "../../x" }]],
  ["of an absolute link", [{ kind: "link", path: "l", link: "/etc" }]],
  ["behind a link", [{ kind: "link", path: "l", link: "." }, file("l/x")]],
  ["twice", [file("x"), file("x")]],
] as const)("an entry %s is refused", async (_, entries) => {
  const target = await folder();
  const outside = await folder();
  await expect(unpack(writeTar(entries as readonly TarEntry[]), target)).rejects.toThrow();
  expect(await readdir(outside)).toEqual([]);
});

test("a device, a hard link, a wrong checksum and an archive that is cut off are refused", async () => {
  const block = (type: "CharacterDevice" | "Link", path: string) => {
    const bytes = Buffer.alloc(512);
    new Header({ path, type, size: 0, mode: 0o644, mtime: new Date(0), linkpath: "x" }).encode(bytes, 0);
    return Buffer.concat([bytes, Buffer.alloc(1024)]);
  };
  const broken = block("Link", "x");
  broken[3] = 7;
  const whole: Buffer[] = [];
  for await (const chunk of writeTar([file("a", "y".repeat(1000))])) whole.push(Buffer.from(chunk));
  const cut = Buffer.concat(whole).subarray(0, 700);
  for (const bytes of [
    block("CharacterDevice", "x"),
    block("Link", "x"),
    broken,
    cut,
    Buffer.from("no tar"),
  ]) {
    await expect(Array.fromAsync(readTar(one(bytes)))).rejects.toThrow();
  }
});

async function* one(bytes: Buffer) {
  yield bytes;
}

test("an archive with more than is allowed is refused before it is written", async () => {
  const target = await folder();
  const large = [file("a", "y".repeat(600)), file("b", "y".repeat(600))];
  await expect(unpack(writeTar(large), target, { limitBytes: 1000 })).rejects.toThrow("more than 1000 bytes");
  await expect(unpack(writeTar(large), await folder(), { limitEntries: 1 })).rejects.toThrow(
    "more than 1 entries",
  );
});
