import { type Docker, hasStatus, listImages, removeImage } from "../docker/index.ts";
import { slug } from "./image-name.ts";
import { labels } from "./labels.ts";

export interface RemovedImages {
  /** Names that are gone; an image goes with the last of its names. */
  readonly removed: readonly string[];
  /** Names that stay, since containers use the image. */
  readonly used: readonly string[];
}

/**
 * Removes the images that were built under the name of an application, also under their names in registries. Those that
 * other applications have as well stay under the others' names; Scanflow's own stay. Errors: those of `Docker`.
 */
export async function removeImages(docker: Docker, application: string): Promise<RemovedImages> {
  const own = new RegExp(`(^|/)scanflow/${slug(application)}:[0-9a-f]{12}$`);
  const all = await listImages(docker, [labels.recipe]);
  const names = all.flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => own.test(name));
  const removed: string[] = [];
  const used: string[] = [];
  for (const name of names.sort()) {
    try {
      await removeImage(docker, name);
      removed.push(name);
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      used.push(name);
    }
  }
  return { removed, used };
}
