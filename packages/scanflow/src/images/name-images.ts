import type { Plan, WorkTask } from "@scanflow/core";
import { refIn } from "./image-name.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { imageKey, ownRecipe, recipeOf } from "./recipe-of.ts";
import type { RecipeRequest } from "./recipe-options.ts";

/** The names of images for files that a platform reads, and what has to be pushed so that it finds them. */
export interface NamedImages {
  /** Of the server, the trackers, and what fetches inputs and publishes outputs. */
  readonly scanflow: string;
  /** Of a task of these plans. */
  of(task: Pick<WorkTask, "run" | "environment">): string;
  /** The recipes behind these names, each once. */
  readonly recipes: readonly ImageRecipe[];
}

export interface NamedRequest extends RecipeRequest {
  /** As `readRegistry` gives it. */
  readonly registry?: string | undefined;
}

/**
 * The names that the images of these plans have or will have: with the registry before those that are built here. No
 * Docker is asked. Errors: as `recipeOf`.
 */
export async function nameImages(plans: readonly Plan[], request: NamedRequest): Promise<NamedImages> {
  const scanflow = await ownRecipe(request);
  const recipes = new Map<string, ImageRecipe>();
  for (const task of plans.flatMap(({ tasks }) => tasks)) {
    if (!("environment" in task) || recipes.has(imageKey(task))) continue;
    const { id, run: command, environment } = task;
    recipes.set(imageKey(task), await recipeOf({ task: id, command, environment }, request));
  }
  const all = new Map([scanflow, ...recipes.values()].map((recipe) => [recipe.ref, recipe]));
  return {
    scanflow: refIn(request.registry, scanflow),
    of: (task) => {
      const recipe = recipes.get(imageKey(task));
      if (recipe === undefined) throw new TypeError(`none of the plans has ${imageKey(task)}`);
      return refIn(request.registry, recipe);
    },
    recipes: [...all.values()],
  };
}
