import { fileURLToPath } from "node:url";
import { isUrl } from "./is-url.ts";
import { openArtifactStore } from "./open-store.ts";
import type { ContentStore } from "./store.ts";

/**
 * Opens artifacts wherever they lie: in a folder, given as a path or as `file:///FOLDER`, or in S3, given as
 * `s3://BUCKET/PREFIX` (see `openObjectStore` for its settings; it is asked once here, so that a wrong bucket or
 * missing credentials are told at once). Close it in the end. Errors: SCANFLOW_OBJECT_… and SCANFLOW_STORAGE_….
 *
 * ```ts
 * import { openContentStore } from "@scanflow/tracking/artifacts";
 *
 * const artifacts = await openContentStore("s3://team-models/tracker");
 * await artifacts.verify("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
 * await artifacts.close();
 * ```
 */
export async function openContentStore(location: string): Promise<ContentStore> {
  if (/^file:/i.test(location)) return openArtifactStore({ root: fileURLToPath(location) });
  if (!isUrl(location)) return openArtifactStore({ root: location });
  const [{ openObjectStore }, { objectContent }] = await Promise.all([
    import("../objects/index.ts"),
    import("./object-content.ts"),
  ]);
  const objects = await openObjectStore(location);
  try {
    for await (const _ of objects.list("sha256/")) break;
  } catch (error) {
    await objects.close();
    throw error;
  }
  return objectContent(objects);
}
