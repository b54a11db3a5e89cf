import { readImageName } from "./image-name.ts";
import type { GivenImage } from "./image-recipe.ts";

/** An image that somebody else made. Errors: SCANFLOW_IMAGE_NAME; `where` says who names it. */
export function givenImage(ref: string, where = "Scanflow"): GivenImage {
  readImageName(ref, where);
  return { kind: "given", ref, needs: [], shim: null };
}
