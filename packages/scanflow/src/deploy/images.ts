import type { WorkTask } from "@scanflow/core";
import { refIn } from "../images/image-name.ts";
import type { ImageRecipe } from "../images/image-recipe.ts";
import { imageKey, ownRecipe, recipeOf } from "../images/recipe-of.ts";
import type { DeployImages, PlannedWorkflow } from "./target.ts";

export interface DeployImagesOptions {
  /** The config's folder (absolute). */
  readonly root: string;
  readonly application: string;
  /** Put before the names of images that are ours. */
  readonly registry?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The images of workflows' tasks, as `scanflow build` makes them. Files that environments name are read, and no Docker
 * is asked. Errors: those of `recipeOf`.
 */
export async function deployImages(
  workflows: readonly PlannedWorkflow[],
  { registry, ...request }: DeployImagesOptions,
): Promise<DeployImages> {
  const tasks = new Map(
    workflows.flatMap(({ plan }) => plan.tasks.filter(isWork)).map((task) => [imageKey(task), task]),
  );
  const recipes = new Map<string, Recipes>();
  for (const [key, { id: task, run: command, environment }] of tasks) {
    const asked = { task, command, environment };
    const plain = await recipeOf(asked, request);
    recipes.set(key, { plain, worker: await recipeOf(asked, { ...request, shim: true }) });
  }
  const scanflow = await ownRecipe(request);
  const named = (recipe: ImageRecipe) => refIn(registry, recipe);
  const recipesOf = (task: WorkTask) => {
    const found = recipes.get(imageKey(task));
    if (!found) throw new Error(`task ${task.id} is of no workflow that is deployed`);
    return found;
  };
  return {
    scanflow: named(scanflow),
    of: (task) => named(recipesOf(task).plain),
    worker: (task) => {
      const { worker } = recipesOf(task);
      return { image: named(worker), shim: worker.shim ?? [] };
    },
  };
}

interface Recipes {
  readonly plain: ImageRecipe;
  readonly worker: ImageRecipe;
}

function isWork(task: PlannedWorkflow["plan"]["tasks"][number]): task is WorkTask {
  return task.kind === "executor" || task.kind === "checker" || task.kind === "service";
}
