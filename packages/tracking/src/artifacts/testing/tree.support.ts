import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** A folder in memory: what stands at each relative path. */
export type Tree = Readonly<
  Record<string, { file: string; executable?: boolean } | { link: string } | { folder: true }>
>;

/** Writes a tree to disk, folders above a path included. */
export function writeTree(root: string, tree: Tree): string {
  mkdirSync(root, { recursive: true });
  for (const [path, item] of Object.entries(tree)) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    if ("folder" in item) mkdirSync(place, { recursive: true });
    else if ("link" in item) symlinkSync(item.link, place);
    else {
      writeFileSync(place, item.file);
      chmodSync(place, item.executable ? 0o755 : 0o644);
    }
  }
  return root;
}

/** Reads a tree back; of folders, only empty ones are named. */
export function readTree(root: string, below = ""): Tree {
  const tree: Record<string, Tree[string]> = {};
  for (const name of readdirSync(join(root, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const stats = lstatSync(join(root, path));
    if (stats.isSymbolicLink()) tree[path] = { link: readlinkSync(join(root, path)) };
    else if (stats.isFile()) {
      const file = readFileSync(join(root, path), "utf8");
      tree[path] = stats.mode & 0o100 ? { file, executable: true } : { file };
    } else {
      const inside = readTree(root, path);
      Object.assign(tree, Object.keys(inside).length === 0 ? { [path]: { folder: true } } : inside);
    }
  }
  return tree;
}
