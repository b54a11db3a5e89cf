import type { Environment, Plan, WorkTask } from "@scanflow/core";
import { refIn } from "./image-name.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import { ownRecipe, recipeOf } from "./recipe-of.ts";
import type { RecipeRequest } from "./recipe-options.ts";

/** What of a task decides its image. */
type Runs = Pick<WorkTask, "id" | "run" | "environment">;

/** The names of images for files that a platform reads, and what has to be pushed so that it finds them. */
export interface NamedImages {
  /** Of the server, the trackers, and what fetches inputs and publishes outputs. */
  readonly scanflow: string;
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
  const byKey = new Map<string, ImageRecipe>();
  const byRef = new Map<string, ImageRecipe>([[scanflow.ref, scanflow]]);
  for (const task of plans.flatMap(({ tasks }) => tasks).filter(isWork)) {
    const key = keyOf(task);
    if (byKey.has(key)) continue;
    const recipe = await recipeOf(
      { task: task.id, command: task.run, environment: task.environment },
      request,
    );
    byKey.set(key, recipe);
    byRef.set(recipe.ref, recipe);
  }
  return {
    scanflow: refIn(request.registry, scanflow),
    of: (task) => refIn(request.registry, byKey.get(keyOf(task)) ?? unknownTask(task)),
    recipes: [...byRef.values()],
  };
}

/** Of the command only its kind matters. */
function keyOf({ run, environment }: { run: Runs["run"]; environment: Environment }): string {
  return JSON.stringify([run.kind, environment]);
}

function isWork(task: Plan["tasks"][number]): task is WorkTask {
  return task.kind === "executor" || task.kind === "checker" || task.kind === "service";
}

function unknownTask({ environment }: { environment: Environment }): never {
  throw new TypeError(`no task of the plans has the environment ${JSON.stringify(environment)}`);
}
