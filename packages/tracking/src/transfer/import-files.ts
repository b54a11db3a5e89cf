import type { Location, LocationContext } from "../locations/locations.ts";
import { containedPath } from "../locations/path.ts";
import { containedRoot } from "../locations/root.ts";
import type { FileRecord } from "./records.ts";

/** Content that was stored and is pinned until its rows are written. */
export interface StoredFiles {
  readonly locations: readonly Location[];
  readonly release: () => void;
}

/** Stores files, one after the other and each as a stream, and says where below an artifact URI of ours they belong. */
export async function storeFiles(
  { artifacts }: Pick<LocationContext, "artifacts">,
  files: AsyncIterable<FileRecord>,
  uri: string,
): Promise<StoredFiles> {
  const root = containedRoot(uri) ?? "";
  const pins: (() => void)[] = [];
  const release = () => {
    for (const unpin of pins) unpin();
  };
  const locations: Location[] = [];
  try {
    for await (const file of files) {
      const path = `${root}/${containedPath(file.path)}`;
      const { digest, size } = await artifacts.put(file.open());
      pins.push(artifacts.pin(digest));
      locations.push({ path, digest, size, kind: "file" });
    }
  } catch (error) {
    release();
    throw error;
  }
  return { locations, release };
}
