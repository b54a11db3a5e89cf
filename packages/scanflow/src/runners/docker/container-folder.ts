import { chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { containerSite, type SitePlaces, sitePlaces } from "../contract/places.ts";
import type { RemoteCommand } from "../gateway.ts";
import type { AttemptSpec } from "../runner.ts";

/** Where the files of an attempt lie on this machine: in its folder, as the container has them. */
export function hostPlaces(spec: AttemptSpec): SitePlaces {
  return { ...sitePlaces(spec, { folder: spec.workdir, root: spec.root }), checkpoint: spec.checkpoint };
}

/** Who a container runs as. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Makes what a container is to find, and hands over to its user what it may write. */
export function openFolder(spec: AttemptSpec, { files }: RemoteCommand, user: ContainerUser): void {
  const { workdir, checkpoint } = spec;
  const own = (path: string) => handOver(path, user);
  const inputs = join(workdir, "inputs");
  const outputs = join(workdir, "outputs");
  const inside = join(workdir, "checkpoint");
  for (const folder of [workdir, inputs, outputs, inside, checkpoint, join(workdir, "tmp")]) {
    mkdirSync(folder, { recursive: true });
    own(folder);
  }
  for (const path of Object.values(hostPlaces(spec).outputs)) {
    for (const folder of foldersBetween(outputs, dirname(path))) {
      mkdirSync(folder, { recursive: true });
      own(folder);
    }
  }
  for (const { path, text } of files) {
    const place = join(workdir, path.slice(containerSite.folder.length));
    writeFileSync(place, text);
    own(place);
  }
  // An earlier attempt may have run as somebody else.
  if (statSync(checkpoint).uid !== user.uid || process.getuid?.() === 0) ownAll(checkpoint, own);
}

/** Only root can, and only root has to. */
function handOver(path: string, { uid, gid }: ContainerUser): void {
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

function ownAll(folder: string, own: (path: string) => void): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    own(path);
    if (entry.isDirectory()) ownAll(path, own);
  }
}

/** From below `top` down to `bottom`. */
function foldersBetween(top: string, bottom: string): string[] {
  return bottom.length <= top.length ? [] : [...foldersBetween(top, dirname(bottom)), bottom];
}
