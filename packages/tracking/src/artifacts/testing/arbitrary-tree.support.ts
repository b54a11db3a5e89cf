import fc from "fast-check";
import { foldersAbove } from "../link.ts";
import type { Tree } from "./tree.support.ts";

const name = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "c",
    "Z",
    "é",
    "e\u0301",
    "模型",
    "😀",
    "﹏",
    " ",
    "x.csv",
    "-rf",
    "a\\b",
    "new\nline",
    "'\"",
  ),
  fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }),
);
const path = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .filter((names) => names.every((one) => one !== "." && one !== ".." && !/[/\0]/.test(one)))
  .map((names) => names.join("/"));
const item = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ file: fc.string(), executable: fc.constant(true) }, { requiredKeys: ["file"] }),
  },
  { weight: 2, arbitrary: fc.record({ folder: fc.constant(true as const) }) },
);

/** Drops what cannot stand beside the rest: entries below a file, empty folders that are not empty. */
function consistent(items: readonly (readonly [string, Tree[string]])[]): Tree {
  const tree = new Map<string, Tree[string]>();
  const folders = new Set<string>();
  for (const [place, one] of items) {
    const above = foldersAbove(place);
    if (tree.has(place) || folders.has(place) || above.some((folder) => tree.has(folder))) continue;
    tree.set(place, one);
    for (const folder of above) folders.add(folder);
  }
  return Object.fromEntries(tree);
}

/** Folders with files, executables, empty folders and names of many scripts; no links. */
export const arbitraryTree: fc.Arbitrary<Tree> = fc
  .array(fc.tuple(path, item), { maxLength: 20 })
  .map(consistent);

/** The same with links from the root of the folder to one of its files or folders, named by `pick`. */
export const arbitraryTreeWithLinks: fc.Arbitrary<Tree> = fc
  .tuple(arbitraryTree, fc.array(fc.nat(), { maxLength: 3 }))
  .map(([tree, picks]) => {
    const targets = Object.keys(tree);
    const links = picks.flatMap((pick, index) => {
      const target = targets[pick % Math.max(targets.length, 1)];
      return target === undefined ? [] : [[`link-${index}`, { link: `./${target}` }] as const];
    });
    return { ...tree, ...Object.fromEntries(links) };
  });
