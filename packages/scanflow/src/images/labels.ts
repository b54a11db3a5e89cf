import type { BuiltImage } from "./image-recipe.ts";

/** Labels of the images that are built here. They say what `docker image inspect` should tell a person. */
export const labels = {
  /** The recipe's digest. */
  recipe: "org.scanflow.recipe",
  /** Ids of the images that it was built upon, in the order of the recipe's `needs`. */
  builtUpon: "org.scanflow.built-upon",
  /** sha256 of the plan that it was first built for. */
  plan: "org.scanflow.plan",
  /** The application that it was first built for. */
  application: "org.scanflow.application",
} as const;

/** For whom an image is built, which its labels say. It decides nothing of the image. */
export interface MadeFor {
  readonly application?: string | undefined;
  /** sha256 of the plan, as 64 hexadecimal digits. */
  readonly plan?: string | undefined;
}

export function labelsOf(
  recipe: Pick<BuiltImage, "digest" | "shared">,
  builtUpon: readonly string[],
  madeFor: MadeFor,
): Record<string, string> {
  const { application, plan } = recipe.shared ? {} : madeFor;
  return {
    [labels.recipe]: recipe.digest,
    ...(builtUpon.length > 0 && { [labels.builtUpon]: builtUpon.join(" ") }),
    ...(plan !== undefined && { [labels.plan]: plan }),
    ...(application !== undefined && { [labels.application]: application }),
  };
}

/** One instruction for all of them, since each is a step of its own otherwise. */
export function labelInstruction(all: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(all).map(([name, value]) => {
    return `${name}=${JSON.stringify(value).replaceAll("$", "\\$")}`;
  });
  return `LABEL ${pairs.join(" ")}\n`;
}
