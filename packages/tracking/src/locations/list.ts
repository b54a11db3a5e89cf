import type { FolderEntry } from "../artifacts/index.ts";
import { type Location, type LocationContext, nearest } from "./locations.ts";
import { rangeBelow } from "./root.ts";

/** A file or folder directly below the folder that was listed. */
export interface Listed {
  readonly name: string;
  readonly isFolder: boolean;
  /** Bytes; absent for a folder. */
  readonly size?: number;
}

/** What lies directly below a folder, by name. A file, or nothing, gives an empty list. */
export async function listFolder(context: LocationContext, folder: string): Promise<Listed[]> {
  const [from, to] = rangeBelow(folder);
  const rows = await context.store.read<Location>(
    "SELECT path, digest, size, kind FROM tracking_artifacts WHERE path >= ? AND path < ? ORDER BY path",
    [from, to],
  );
  const found = new Map<string, Listed>();
  const above = folder === "" ? undefined : await nearest(context, folder);
  if (above?.kind === "folder") {
    const inside = folder.slice(above.path.length + 1);
    const entries = await context.artifacts.entries(above.digest);
    for (const entry of entries) addEntry(found, entry, { entries, inside });
  }
  for (const row of rows) {
    const rest = row.path.slice(from.length);
    const [name = ""] = rest.split("/", 1);
    add(found, name, rest === name && row.kind === "file" ? row.size : undefined);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addEntry(
  found: Map<string, Listed>,
  entry: FolderEntry,
  { entries, inside }: { entries: readonly FolderEntry[]; inside: string },
): void {
  const prefix = inside === "" ? "" : `${inside}/`;
  if (!entry.path.startsWith(prefix) || entry.path === inside) return;
  const rest = entry.path.slice(prefix.length);
  const [name = ""] = rest.split("/", 1);
  if (rest !== name || entry.kind === "folder") return add(found, name, undefined);
  add(found, name, entry.kind === "file" ? entry.size : linkedSize(entry, entries));
}

/** A link counts as the file it leads to; one that leads to a folder is shown as a folder. */
function linkedSize(entry: { path: string; link: string }, entries: readonly FolderEntry[]) {
  const parts = entry.path.split("/").slice(0, -1);
  for (const part of entry.link.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  const target = entries.find(({ path }) => path === parts.join("/"));
  return target?.kind === "file" ? target.size : undefined;
}

function add(found: Map<string, Listed>, name: string, size: number | undefined): void {
  found.set(name, size === undefined ? { name, isFolder: true } : { name, isFolder: false, size });
}
