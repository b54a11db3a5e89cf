import { createHash } from "node:crypto";
import type { ImageRecipe } from "./image-recipe.ts";

/** An image in an archive of images. */
export interface SavedImage {
  /** The name that tasks use. */
  readonly ref: string;
  /** The name in the archive: one of ours, so that loading it gives no name of others to anything. */
  readonly saved: string;
}

/** What an archive may name. */
export const savedName = /^scanflow\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*:[\w][\w.-]{0,127}$/;

/** Whether an image can be named again where it is loaded: one that is named by its digest can only be fetched. */
export function isSavable({ ref }: Pick<ImageRecipe, "ref">): boolean {
  return !ref.includes("@");
}

export function savedImage({ kind, ref }: Pick<ImageRecipe, "kind" | "ref">): SavedImage {
  if (kind === "build") return { ref, saved: ref };
  return { ref, saved: `scanflow/given:${createHash("sha256").update(ref).digest("hex").slice(0, 12)}` };
}
