import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Docker, removeImage, saveImages, tagImage } from "../docker/index.ts";
import { readImageName } from "./image-name.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { type SavedImage, savedImage } from "./saved-image.ts";

/**
 * Writes the images of recipes, which the daemon must have, into one archive as `docker save` does: what several share
 * stands in it once. Gives what is in it, sorted. Errors: SCANFLOW_IMAGE_MISSING and those of `Docker`.
 */
export async function saveRecipes(
  docker: Docker,
  recipes: Iterable<ImageRecipe>,
  { file, signal }: { readonly file: string; readonly signal?: AbortSignal },
): Promise<SavedImage[]> {
  const byName = new Map(Array.from(recipes, (recipe) => [recipe.ref, savedImage(recipe)]));
  const images = [...byName.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const renamed = images.filter(({ ref, saved }) => ref !== saved);
  try {
    for (const { ref, saved } of renamed) {
      const { repository, tag } = readImageName(saved, "An archive");
      await tagImage(docker, ref, { repository, tag: tag ?? "latest" });
    }
    const names = images.map(({ saved }) => saved);
    await pipeline(await saveImages(docker, names, signal), createWriteStream(file, { mode: 0o600 }));
  } finally {
    for (const { saved } of renamed) await removeImage(docker, saved);
  }
  return images;
}
