import { isUtf8 } from "node:buffer";
import { lstat, readdir, readlink } from "node:fs/promises";
import { posix } from "node:path";
import type { EmptyFolderEntry, LinkEntry } from "./artifact.ts";
import { eachBounded } from "./bounded.ts";
import { ArtifactError } from "./errors.ts";
import { folderTree, followPath } from "./link.ts";
import { changedError, linkError, type Stamp, sameStamp, specialError, vanishedAsChanged } from "./source.ts";

/** A folder as it was found. Paths are relative to it; `folders` has the state of each, itself ("") included. */
export type FoundFolder = {
  readonly root: string;
  readonly files: readonly string[];
  readonly links: readonly LinkEntry[];
  readonly empty: readonly EmptyFolderEntry[];
  readonly folders: ReadonlyMap<string, Stamp>;
};

function decodeName(bytes: Buffer, place: string): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new ArtifactError(
    "SCANFLOW_ARTIFACT_NAME",
    `${place} has a name or link target that is not valid UTF-8: ${bytes.toString("latin1")} (bytes ${bytes.toString("hex")}). Rename it.`,
  );
}

/** A link's target as it is kept: relative, so that it still holds when the folder lies elsewhere. */
function relativeTarget(root: string, path: string, target: string): string {
  if (!posix.isAbsolute(target)) return target;
  const inside = target === root || target.startsWith(`${root}/`);
  return inside ? posix.relative(posix.dirname(posix.join(root, path)), target) || "." : target;
}

const faults = {
  escapes: "leads out of the folder that is published",
  dangling: "leads to nothing",
  circular: "leads in a circle",
};

function checkLinks({ root, files, links, empty, folders }: FoundFolder): void {
  if (links.length === 0) return;
  const tree = folderTree([...links, ...empty]);
  const whole = { files: new Set(files), folders: new Set(folders.keys()), links: tree.links };
  for (const { path, link } of links) {
    const followed = followPath(whole, path);
    if ("fault" in followed) throw linkError(`${root}/${path}`, `(to ${link}) ${faults[followed.fault]}`);
  }
}

/**
 * Lists a folder by its absolute path. Links are listed, not followed; one that leaves the folder or leads
 * nowhere is refused (`SCANFLOW_ARTIFACT_LINK`), as are pipes, sockets and devices (`SCANFLOW_ARTIFACT_SPECIAL`)
 * and names that are not UTF-8 (`SCANFLOW_ARTIFACT_NAME`).
 */
export async function walkFolder(root: string): Promise<FoundFolder> {
  const files: string[] = [];
  const links: LinkEntry[] = [];
  const empty: EmptyFolderEntry[] = [];
  const folders = new Map<string, Stamp>();

  async function list(folder: string, below: string[]): Promise<void> {
    const place = folder === "" ? root : `${root}/${folder}`;
    folders.set(folder, await lstat(place, { bigint: true }));
    const found = await readdir(place, { encoding: "buffer", withFileTypes: true });
    if (found.length === 0 && folder !== "") empty.push({ kind: "folder", path: folder });
    for (const item of found) {
      const name = decodeName(item.name, place);
      const path = folder === "" ? name : `${folder}/${name}`;
      if (item.isDirectory()) below.push(path);
      else if (item.isFile()) files.push(path);
      else if (item.isSymbolicLink()) {
        const target = decodeName(
          await readlink(`${root}/${path}`, { encoding: "buffer" }),
          `${root}/${path}`,
        );
        links.push({ kind: "link", path, link: relativeTarget(root, path, target) });
      } else throw specialError(`${root}/${path}`);
    }
  }

  for (let level = [""]; level.length > 0; ) {
    const below: string[] = [];
    await eachBounded(level, (folder) => list(folder, below).catch(vanishedAsChanged(`${root}/${folder}`)));
    level = below;
  }
  const found = { root, files, links, empty, folders };
  checkLinks(found);
  return found;
}

/** Makes sure that nothing was added, removed or renamed since the walk: `SCANFLOW_ARTIFACT_CHANGED`. */
export async function checkUnchanged({ root, folders }: FoundFolder): Promise<void> {
  await eachBounded(folders, async ([folder, before]) => {
    const place = folder === "" ? root : `${root}/${folder}`;
    const now = await lstat(place, { bigint: true }).catch(vanishedAsChanged(place));
    if (!sameStamp(before, now)) throw changedError(place);
  });
}
