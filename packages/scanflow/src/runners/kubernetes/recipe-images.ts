import { errorCode } from "@scanflow/core";
import { Docker } from "../../docker/index.ts";
import { type ImageRecipe, Images, readRegistry, recipeOf, refIn } from "../../images/index.ts";
import type { PodImages } from "./pod-images.ts";

export interface RecipeImagesOptions {
  /** The config's folder (absolute). */
  readonly root: string;
  /** Docker is found by it; SCANFLOW_REGISTRY says where images go. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The images of recipes: built and pushed to the registry that is named. Without one, they are built in the daemon that
 * there is, which the cluster's node may share, and else taken to be on the nodes already.
 */
export function recipeImages({ root, environment }: RecipeImagesOptions): PodImages {
  const { SCANFLOW_REGISTRY } = environment;
  const registry = SCANFLOW_REGISTRY ? readRegistry(SCANFLOW_REGISTRY) : undefined;
  const ready = new Map<string, Promise<string>>();
  let docker: Promise<Docker | null> | undefined;

  async function refOf(recipe: ImageRecipe, note: (line: string) => void): Promise<string> {
    if (recipe.kind === "given") return recipe.ref;
    docker ??= findDocker(environment, registry !== undefined);
    const found = await docker;
    if (!found) return refIn(registry, recipe);
    const images = new Images(found, { env: environment });
    if (registry !== undefined) return images.push(recipe, { registry, note });
    return (await images.need(recipe, { note })).ref;
  }

  /** Once for all attempts; again after a failure. */
  function have(recipe: ImageRecipe, note: (line: string) => void): Promise<string> {
    const known = ready.get(recipe.ref);
    if (known) return known;
    const made = refOf(recipe, note);
    ready.set(recipe.ref, made);
    made.catch(() => ready.delete(recipe.ref));
    return made;
  }

  return async ({ task, command, environment: wanted, origin }, note) => {
    const request = { root, application: origin?.application ?? "scanflow", env: environment };
    const [main, shim] = await Promise.all([
      recipeOf({ task, command, environment: wanted }, request),
      recipeOf(
        { task, command: { kind: "module", module: "", export: "" }, environment: { kind: "host" } },
        request,
      ),
    ]);
    const [mainRef, shimRef] = await Promise.all([have(main, note), have(shim, note)]);
    return { main: mainRef, shim: { image: shimRef, command: shim.shim ?? [] } };
  };
}

/** null: there is none, and none is needed. */
async function findDocker(env: NodeJS.ProcessEnv, isNeeded: boolean): Promise<Docker | null> {
  return Docker.open({ env }).catch((error: unknown) => {
    if (isNeeded || errorCode(error) !== "SCANFLOW_DOCKER_UNREACHABLE") throw error;
    return null;
  });
}
