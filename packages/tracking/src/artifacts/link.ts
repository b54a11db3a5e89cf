import type { FolderEntry } from "./artifact.ts";

/** What stands where in a folder: enough to follow a link without asking the file system. */
export type FolderTree = {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly links: ReadonlyMap<string, string>;
};

/** Where a path leads once its links are followed, or why it leads nowhere. */
export type Followed = { readonly path: string } | { readonly fault: "escapes" | "dangling" | "circular" };

/** As many links as Linux follows for one path (`path_resolution(7)`). */
const mostLinks = 40;

/** The paths of all folders above `path`, nearest last; a folder itself ("") is not among them. */
export function foldersAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join("/"));
}

export function folderTree(entries: readonly FolderEntry[]): FolderTree {
  const files = new Set<string>();
  const folders = new Set<string>();
  const links = new Map<string, string>();
  for (const entry of entries) {
    for (const folder of foldersAbove(entry.path)) folders.add(folder);
    if (entry.kind === "file") files.add(entry.path);
    else if (entry.kind === "folder") folders.add(entry.path);
    else links.set(entry.path, entry.link);
  }
  return { files, folders, links };
}

/**
 * Follows a path name by name, as the kernel does, and never leaves the folder: `..` above its root and an
 * absolute target escape even when they would come back in, since the folder may lie elsewhere tomorrow.
 */
export function followPath(tree: FolderTree, path: string): Followed {
  const pending = path.split("/").reverse();
  const at: string[] = [];
  let followed = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (at.pop() === undefined) return { fault: "escapes" };
      continue;
    }
    const here = [...at, name].join("/");
    const target = tree.links.get(here);
    if (target !== undefined) {
      followed += 1;
      if (followed > mostLinks) return { fault: "circular" };
      if (target.startsWith("/")) return { fault: "escapes" };
      pending.push(...target.split("/").reverse());
      continue;
    }
    const isFile = tree.files.has(here);
    if (isFile ? pending.length > 0 : !tree.folders.has(here)) return { fault: "dangling" };
    at.push(name);
  }
  return { path: at.join("/") };
}
