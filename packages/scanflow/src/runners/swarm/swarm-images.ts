import type { Plan } from "@scanflow/core";
import { type Docker, findAuth, type RegistryAuth, registryOf } from "../../docker/index.ts";
import { type ImageRecipe, Images, recipeOf, recipesOf } from "../../images/index.ts";
import type { AttemptSpec } from "../runner.ts";

/** The image of an attempt, with the shim in it. */
export interface SwarmImage {
  /** What nodes know it by: its name in the registry with its digest, or its id on this node. */
  readonly image: string;
  /** As people know it. */
  readonly ref: string;
  readonly shim: readonly string[];
  /** With which nodes fetch it. */
  readonly auth: RegistryAuth | null;
}

export interface SwarmImagesOptions {
  readonly docker: Docker;
  /** The config's folder (absolute). */
  readonly root: string;
  /** Where images are pushed to; undefined: nodes must have them, or the tasks run on this one. */
  readonly registry: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export interface NeedImage {
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The images of tasks where nodes of the swarm can get them: built here, and pushed where there is a registry. */
export class SwarmImages {
  readonly #options: SwarmImagesOptions;
  readonly #images: Images;
  readonly #pushed = new Map<string, Promise<string>>();

  constructor(options: SwarmImagesOptions) {
    this.#options = options;
    this.#images = new Images(options.docker, { env: options.env });
  }

  /**
   * Reads what the images of a plan are made from, and has all that somebody else made: what is missing is fetched.
   * Errors: SCANFLOW_IMAGE_MISSING, and those of `recipesOf`.
   */
  async ready(plan: Plan): Promise<void> {
    const { root, env } = this.#options;
    const recipes = await recipesOf(plan, { root, application: plan.application, shim: true, env });
    await Promise.all([...new Set(recipes.values())].map((recipe) => this.#images.needGiven(recipe)));
  }

  /** Errors: those of `Images.need` and `Images.push`. */
  async need(
    { task, command, environment, origin }: AttemptSpec,
    { note, signal }: NeedImage,
  ): Promise<SwarmImage> {
    const { root, env, registry } = this.#options;
    const application = origin?.application ?? "scanflow";
    const recipe = await recipeOf({ task, command, environment }, { root, application, shim: true, env });
    if (recipe.kind === "given") throw new Error(`the image of task ${task} has no shim`);
    const shim = recipe.shim ?? [];
    if (registry === undefined) {
      const { ref, id } = await this.#images.need(recipe, { application, note, signal });
      return { image: id, ref, shim, auth: null };
    }
    const ref = await this.#push(recipe, { registry, application, note });
    signal.throwIfAborted();
    return { image: ref, ref, shim, auth: await findAuth(registryOf(ref), env) };
  }

  /** Once for all attempts that need it; again after a failure. */
  #push(recipe: ImageRecipe, options: Parameters<Images["push"]>[1]): Promise<string> {
    const known = this.#pushed.get(recipe.ref);
    if (known) return known;
    const pushed = this.#images.push(recipe, options);
    this.#pushed.set(recipe.ref, pushed);
    pushed.catch(() => this.#pushed.delete(recipe.ref));
    return pushed;
  }
}
