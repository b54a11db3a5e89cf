import { type Command, type Environment, type Plan, ScanflowError, type WorkTask } from "@scanflow/core";
import { readBases } from "./bases.ts";
import { givenImage } from "./given-image.ts";
import type { BuiltImage, ImageRecipe } from "./image-recipe.ts";
import { nodeRecipe } from "./node-recipe.ts";
import { ownDockerfileRecipe } from "./own-dockerfile-recipe.ts";
import { notebookRecipe, pythonRecipe } from "./python-recipe.ts";
import { type RecipeOptions, type RecipeRequest, readRequest } from "./recipe-options.ts";
import { scanflowRecipe } from "./scanflow-recipe.ts";
import { withScanflow, withShim } from "./with-shim.ts";

/** What of a task decides its image. */
export interface ImageTask {
  /** Id of the task, for errors. */
  readonly task: string;
  readonly command: Command;
  readonly environment: Environment;
}

/**
 * The recipe of the image that a task runs in. It follows from the environment and from the kind of command alone, never
 * from the application's code; files that the environment names are read. No Docker is asked.
 *
 * | environment | a command | a function or a check | a notebook |
 * | --- | --- | --- | --- |
 * | host | Scanflow's image | Scanflow's image | Python with what notebooks need |
 * | node | Scanflow's image with the packages | the same | refused |
 * | python | Python with the packages | the same with Scanflow in it | Python with the packages and what notebooks need |
 * | image, dockerfile | that image | the same with Scanflow in it | that image |
 *
 * Errors: SCANFLOW_ENVIRONMENT_MISSING, SCANFLOW_ENVIRONMENT_UNSUPPORTED, SCANFLOW_IMAGE_CONTEXT, SCANFLOW_IMAGE_NAME.
 */
export async function recipeOf(task: ImageTask, request: RecipeRequest): Promise<ImageRecipe> {
  const options = readRequest(request);
  const recipe = await plainRecipe(task, options);
  return request.shim === true ? withShim(recipe, options) : recipe;
}

/**
 * The recipes of all tasks of a plan that run something, by task id; those of equal environments and kinds of command
 * are the same object. Errors: as `recipeOf`.
 */
export async function recipesOf(
  plan: Pick<Plan, "tasks">,
  request: RecipeRequest,
): Promise<ReadonlyMap<string, ImageRecipe>> {
  const known = new Map<string, ImageRecipe>();
  const recipes = new Map<string, ImageRecipe>();
  for (const task of plan.tasks) {
    if (!("environment" in task)) continue;
    const { id, run: command, environment } = task;
    const key = imageKey(task);
    const recipe = known.get(key) ?? (await recipeOf({ task: id, command, environment }, request));
    known.set(key, recipe);
    recipes.set(id, recipe);
  }
  return recipes;
}

/** Equal for tasks that have the same image: of a command only its kind matters. */
export function imageKey({ run, environment }: Pick<WorkTask, "run" | "environment">): string {
  return JSON.stringify([run.kind, environment]);
}

/** The recipe of Scanflow's own image: of the server and the trackers, and of what fetches and publishes on a cluster. */
export function ownRecipe(request: Pick<RecipeRequest, "env">): Promise<BuiltImage> {
  return scanflowRecipe({ bases: readBases(request.env) });
}

async function plainRecipe(
  { task, command, environment }: ImageTask,
  options: RecipeOptions,
): Promise<ImageRecipe> {
  const isNotebook = command.kind === "notebook";
  const isFunction = command.kind === "module" || command.kind === "check";
  switch (environment.kind) {
    case "host":
      if (!isNotebook) return scanflowRecipe(options);
      return notebookRecipe(anyPython, options);
    case "node":
      if (!isNotebook) return nodeRecipe(environment, options);
      throw new ScanflowError(
        "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
        `Task "${task}" is a notebook in a Node environment, and notebooks need Python. Declare a Python environment.`,
      );
    case "python": {
      if (isNotebook) return notebookRecipe(environment, options);
      const recipe = await pythonRecipe(environment, options);
      return isFunction ? withScanflow(recipe, options) : recipe;
    }
    case "image": {
      const recipe = givenImage(environment.image, `Task "${task}"`);
      return isFunction ? withScanflow(recipe, options) : recipe;
    }
    case "dockerfile": {
      const recipe = await ownDockerfileRecipe(environment, options);
      return isFunction ? withScanflow(recipe, options) : recipe;
    }
  }
}

const anyPython = { kind: "python", requirements: null, packages: [], python: null, apt: [] } as const;
