import { damaged, folderEntries, wholeText } from "@scanflow/tracking/archive";
import type { ArtifactStore, FolderEntry } from "@scanflow/tracking/artifacts";
import { largestManifest, parts } from "./manifest.ts";

/** Puts a folder of an archive into the store, once its files are there. Errors: SCANFLOW_PACK_DAMAGED. */
export async function putFolder(
  artifacts: ArtifactStore,
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const text = await wholeText(path, content, largestManifest);
  let listed: FolderEntry[];
  try {
    listed = folderEntries.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(`${JSON.stringify(path)} is no list of files`, cause);
  }
  const { digest } = await artifacts.putFolder(listed).catch((cause: unknown) => {
    throw damaged(`the folder ${JSON.stringify(path)} cannot be put together`, cause);
  });
  if (path === `${parts.folders}${digest.slice("sha256:".length)}.json`) return;
  throw damaged(`${JSON.stringify(path)} makes another folder than it says`);
}
