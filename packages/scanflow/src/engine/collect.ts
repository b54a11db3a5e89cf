import type { ArtifactStore, FolderEntry } from "@scanflow/tracking/artifacts";

/** Makes one folder of several artifacts, each under its path, and gives the folder's digest. Nothing is copied. */
export async function collect(artifacts: ArtifactStore, parts: ReadonlyMap<string, string>): Promise<string> {
  const entries: FolderEntry[] = [];
  for (const [path, digest] of parts) {
    const artifact = await artifacts.stat(digest);
    if (artifact?.kind === "folder") {
      entries.push({ kind: "folder", path });
      for (const inner of await artifacts.entries(digest))
        entries.push({ ...inner, path: `${path}/${inner.path}` });
    } else if (artifact) entries.push({ kind: "file", path, digest: artifact.digest, size: artifact.size });
  }
  return (await artifacts.putFolder(entries)).digest;
}
