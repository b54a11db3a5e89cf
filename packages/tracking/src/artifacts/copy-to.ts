import type { Artifact } from "./artifact.ts";
import { missingError } from "./blob.ts";
import { eachBounded } from "./bounded.ts";
import type { ContentStore } from "./store.ts";

/** How many artifacts were not there yet, and the bytes that were copied for them. */
export type Copied = { readonly copied: number; readonly bytes: number };

async function copyFile(from: ContentStore, to: ContentStore, digest: string): Promise<number> {
  if (await to.has(digest)) return 0;
  const { stream } = await from.open(digest);
  return (await to.put(stream)).size;
}

async function copyFolder(from: ContentStore, to: ContentStore, digest: string): Promise<number> {
  const entries = await from.entries(digest);
  const files = new Set(entries.flatMap((entry) => (entry.kind === "file" ? [entry.digest] : [])));
  const releases: (() => void)[] = [];
  let bytes = 0;
  try {
    await eachBounded(files, async (file) => {
      releases.push(to.pin(file));
      const copied = await copyFile(from, to, file);
      bytes += copied;
    });
    await to.putFolder(entries);
    return bytes;
  } finally {
    for (const release of releases) release();
  }
}

/** See `ContentStore.copyTo`. Works between stores of any make: it uses nothing but their public methods. */
export async function copyTo(
  from: ContentStore,
  to: ContentStore,
  digests: AsyncIterable<string> | Iterable<string>,
): Promise<Copied> {
  let copied = 0;
  let bytes = 0;
  for await (const digest of digests) {
    const releases = [from.pin(digest), to.pin(digest)];
    try {
      if (await to.has(digest)) continue;
      const artifact: Artifact | undefined = await from.stat(digest);
      if (artifact === undefined) throw missingError(digest);
      bytes += await (artifact.kind === "file" ? copyFile : copyFolder)(from, to, digest);
      copied += 1;
    } finally {
      for (const release of releases) release();
    }
  }
  return { copied, bytes };
}
