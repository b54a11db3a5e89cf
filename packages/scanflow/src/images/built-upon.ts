import type { ImageDetails } from "../docker/index.ts";
import type { BuiltImage, ImageRecipe } from "./image-recipe.ts";
import { labels } from "./labels.ts";

/**
 * Whether an image was built upon what is there now, and that upon what is there: a base of the same name may have
 * become another one. A base that is not there any more tells nothing against it.
 */
export async function isBuiltUpon(
  image: ImageDetails,
  recipe: BuiltImage,
  look: (need: ImageRecipe) => Promise<ImageDetails | undefined>,
): Promise<boolean> {
  const upon = (image.Config.Labels?.[labels.builtUpon] ?? "").split(" ");
  const same = recipe.needs.map(async (need, at) => {
    const base = await look(need);
    if (base === undefined) return true;
    return base.Id === upon[at] && (need.kind === "given" || isBuiltUpon(base, need, look));
  });
  return (await Promise.all(same)).every((one) => one);
}
