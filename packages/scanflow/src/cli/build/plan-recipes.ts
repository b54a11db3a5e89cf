import { formatProblem } from "@scanflow/core";
import { findConfig, loadApplication } from "../../config/index.ts";
import { deploymentOf } from "../../deploy/index.ts";
import { type ImageRecipe, ownRecipe, recipesOf } from "../../images/index.ts";
import type { Call } from "../command.ts";

export interface PlannedImages {
  readonly application: string;
  /** sha256 of the plans. */
  readonly plan: string;
  /** By task; with the workflow before it where there are several. */
  readonly recipes: ReadonlyMap<string, ImageRecipe>;
}

interface Asked {
  /** undefined: all that run by themselves. */
  readonly workflow: string | undefined;
  /** Whether the images have the shim in them. */
  readonly shim: boolean;
  /** Whether Scanflow's own comes along: engines, servers and trackers run in it, and on a cluster what fetches and publishes. */
  readonly server: boolean;
}

/** The recipes of the application that a call is about. Errors: those of the config and of `recipesOf`. */
export async function planRecipes({ output, directory }: Call, asked: Asked): Promise<PlannedImages> {
  const { application, root, warnings } = await loadApplication(findConfig(directory));
  for (const warning of warnings) output.note(`${output.style("yellow", "hint")} ${formatProblem(warning)}`);
  const { workflows, digest } = deploymentOf(application, { workflow: asked.workflow });
  const recipes = new Map<string, ImageRecipe>();
  for (const { plan } of workflows) {
    const request = { root, application: application.name, shim: asked.shim };
    for (const [task, recipe] of await recipesOf(plan, request)) {
      recipes.set(workflows.length > 1 ? `${plan.workflow}/${task}` : task, recipe);
    }
  }
  if (asked.server) recipes.set("the server", await ownRecipe({}));
  return { application: application.name, plan: digest, recipes };
}
