import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import { fileDigest } from "./file-digest.ts";
import { type PackFile, parts } from "./manifest.ts";

/** A file on its way into an archive. */
export interface Packed extends PackFile {
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
}

/** A file of this machine under its path in the archive. */
export async function packFile(file: string, path: string): Promise<Packed> {
  const { mode } = await stat(file);
  const content = await fileDigest(file);
  return {
    path,
    ...content,
    ...((mode & 0o100) !== 0 && { executable: true }),
    open: async () => createReadStream(file),
  };
}

/** The logs of runs; a run need not have one. */
export async function packLogs(logs: (run: string) => string, runs: readonly string[]): Promise<Packed[]> {
  const packed: Packed[] = [];
  for (const run of runs) {
    const names = await readdir(logs(run)).catch(() => []);
    for (const name of names.sort()) {
      packed.push(await packFile(join(logs(run), name), `${parts.state}logs/${run}/${name}`));
    }
  }
  return packed;
}

/** Artifacts, each content once; those that are not in the store any more are passed over. */
export async function packArtifacts(artifacts: ArtifactStore, digests: Iterable<string>): Promise<Packed[]> {
  const blobs = new Map<string, Packed>();
  const folders: Packed[] = [];
  const addBlob = (digest: string, size: number) => {
    const sha256 = hexOf(digest);
    const open = async () => (await artifacts.open(digest)).stream;
    blobs.set(sha256, { path: `${parts.blobs}${sha256}`, size, sha256, open });
  };
  for (const digest of [...digests].sort()) {
    const artifact = (await artifacts.has(digest)) ? await artifacts.stat(digest) : undefined;
    if (artifact?.kind === "file") addBlob(digest, artifact.size);
    if (artifact?.kind !== "folder") continue;
    const entries = await artifacts.entries(digest);
    for (const entry of entries) if (entry.kind === "file") addBlob(entry.digest, entry.size);
    folders.push(packText(`${parts.folders}${hexOf(digest)}.json`, JSON.stringify(entries)));
  }
  return [...[...blobs.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), ...folders];
}

export function packText(path: string, text: string): Packed {
  const bytes = Buffer.from(text);
  return {
    path,
    size: bytes.length,
    sha256: hash("sha256", bytes),
    open: async () => Readable.from([bytes]),
  };
}

function hexOf(digest: string): string {
  return digest.slice("sha256:".length);
}
