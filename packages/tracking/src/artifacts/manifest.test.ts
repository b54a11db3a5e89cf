import fc from "fast-check";
import { expect, test } from "vitest";
import type { FolderEntry } from "./artifact.ts";
import { decodeManifest, encodeManifest } from "./manifest.ts";

const digest = `sha256:${"ab".repeat(32)}` as const;

function file(path: string, size = 1): FolderEntry {
  return { kind: "file", path, digest, size };
}

function bytesOf(entries: unknown, version: unknown = 1): Buffer {
  return Buffer.from(JSON.stringify({ version, entries }));
}

test("the order in which entries are found does not matter", () => {
  const entries = [file("a/b"), file("a.b"), file("é"), file("z"), { kind: "folder", path: "e" } as const];
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
      expect(encodeManifest(shuffled)).toEqual(encodeManifest(entries));
    }),
  );
});

test("entries are in the order of their paths' bytes, not of UTF-16 units", () => {
  const { bytes } = encodeManifest([file("😀"), file("﹏"), file("a")]);
  expect(decodeManifest(bytes).map((entry) => entry.path)).toEqual(["a", "﹏", "😀"]);
});

test("a folder that holds something is not listed as empty", () => {
  const { bytes } = encodeManifest([
    { kind: "folder", path: "a" },
    { kind: "folder", path: "a/b" },
    file("a/c"),
  ]);
  expect(decodeManifest(bytes).map((entry) => entry.path)).toEqual(["a/b", "a/c"]);
});

test("the size of a folder is that of its files, each counted where it stands", () => {
  expect(encodeManifest([file("a", 5), file("b", 7)]).artifact.size).toBe(12);
});

test.each<[string, FolderEntry[]]>([
  ["climbs out", [file("../a")]],
  ["climbs out in the middle", [file("a/../../b")]],
  ["is absolute", [file("/etc/passwd")]],
  ["is empty", [file("")]],
  ["names the folder itself", [file("a/.")]],
  ["ends in a slash", [{ kind: "folder", path: "a/" }]],
  ["has a zero byte", [file("a\0b")]],
  ["is not well-formed", [file("\ud800")]],
  ["comes twice", [file("a"), file("a", 2)]],
  ["lies below a file", [file("a"), file("a/b")]],
  ["lies below a link", [{ kind: "link", path: "a", link: "." }, file("a/b")]],
  ["is a link out of the folder", [{ kind: "link", path: "a", link: "../b" }]],
  ["is a link to an absolute path", [{ kind: "link", path: "a", link: "/etc" }]],
  ["is a link to nothing", [{ kind: "link", path: "a", link: "b" }]],
])("a path that %s is refused", (_, entries) => {
  const refused = expect.objectContaining({ code: "SCANFLOW_ARTIFACT_MANIFEST" });
  expect(() => encodeManifest(entries)).toThrow(refused);
  expect(() => decodeManifest(bytesOf(entries))).toThrow(refused);
});

test.each<[string, Buffer]>([
  ["not JSON", Buffer.from("{")],
  ["of another version", bytesOf([], 2)],
  ["without entries", Buffer.from('{"version":1}')],
  ["with a field too many", bytesOf([{ ...file("a"), mode: 511 }])],
  ["with a negative size", bytesOf([file("a", -1)])],
  ["with a broken digest", bytesOf([{ ...file("a"), digest: "sha256:../../x" }])],
  ["out of order", bytesOf([file("b"), file("a")])],
  ["with spaces", Buffer.from('{"version":1, "entries":[]}')],
])("a manifest %s is refused", (_, bytes) => {
  expect(() => decodeManifest(bytes)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_ARTIFACT_MANIFEST" }),
  );
});
