import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FolderEntry } from "./artifact.ts";
import { folderTree, followPath } from "./link.ts";
import { temporaryFolder } from "./testing/temporary-folder.support.ts";
import { type Tree, writeTree } from "./testing/tree.support.ts";

function entriesOf(tree: Tree): FolderEntry[] {
  return Object.entries(tree).map(([path, item]): FolderEntry => {
    if ("link" in item) return { kind: "link", path, link: item.link };
    if ("folder" in item) return { kind: "folder", path };
    return { kind: "file", path, digest: `sha256:${"0".repeat(64)}`, size: 0 };
  });
}

function follow(tree: Tree, path: string) {
  return followPath(folderTree(entriesOf(tree)), path);
}

const tree: Tree = {
  "a/b/file": { file: "" },
  "a/empty": { folder: true },
  "a/up": { link: "../a/b" },
  out: { link: "../elsewhere" },
  "out-and-in": { link: "../this/a" },
  absolute: { link: "/etc/passwd" },
  gone: { link: "a/nothing" },
  self: { link: "self" },
  ping: { link: "pong" },
  pong: { link: "ping" },
  through: { link: "a/up/file" },
  past: { link: "a/up/../../.." },
  here: { link: "." },
  "below-file": { link: "a/b/file/x" },
  "file-as-folder": { link: "a/b/file/" },
};

test.each([
  ["a/b/file", { path: "a/b/file" }],
  ["a/up/file", { path: "a/b/file" }],
  ["through", { path: "a/b/file" }],
  ["a//./up/../empty", { path: "a/empty" }],
  ["here/a", { path: "a" }],
  ["out", { fault: "escapes" }],
  ["out-and-in", { fault: "escapes" }],
  ["absolute", { fault: "escapes" }],
  ["past", { fault: "escapes" }],
  ["gone", { fault: "dangling" }],
  ["below-file", { fault: "dangling" }],
  ["file-as-folder", { fault: "dangling" }],
  ["self", { fault: "circular" }],
  ["ping", { fault: "circular" }],
])("%s leads to %o", (path, expected) => {
  expect(follow(tree, path)).toEqual(expected);
});

test("paths lead where the kernel says they lead", () => {
  const base = temporaryFolder();
  const name = fc.constantFrom("a", "b", "c", "l", "m", ".", "..", "");
  const target = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/") || ".");
  const links = fc.dictionary(
    fc.constantFrom("l", "m", "a/l", "a/b/m"),
    target.map((link) => ({ link })),
  );
  fc.assert(
    fc.property(links, target, (generated, path) => {
      const root = mkdtempSync(join(base, "tree-"));
      const inside = join(root, "x", "x", "x", "x", "x", "x");
      mkdirSync(inside, { recursive: true });
      const whole: Tree = { "a/b/c": { file: "" }, "b/c": { folder: true }, ...generated };
      writeTree(inside, whole);
      const followed = follow(whole, path);
      let real: string | undefined;
      try {
        real = realpathSync.native(`${inside}/${path}`);
      } catch {}
      rmSync(root, { recursive: true });
      if ("path" in followed) expect(real).toBe(join(inside, followed.path));
      else if (followed.fault === "escapes") expect(relative(inside, real ?? root)).toMatch(/^(\.\.|$)/);
      else expect(real).toBeUndefined();
    }),
  );
});
