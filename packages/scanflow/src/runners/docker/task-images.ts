import type { Plan } from "@scanflow/core";
import type { Docker } from "../../docker/index.ts";
import { Images, recipeOf, recipesOf } from "../../images/index.ts";
import type { Attempt } from "../attempt.ts";
import type { AttemptLog } from "../log/attempt-log.ts";

/** The image that a task runs in. */
export interface TaskImage {
  readonly ref: string;
  /** How Scanflow's own program is started in it; null: it has none. */
  readonly shim: readonly string[] | null;
}

export interface TaskImagesOptions {
  readonly docker: Docker;
  /** The config's folder (absolute). */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The images of tasks on one daemon: built when a task first needs one, and kept. */
export class TaskImages {
  readonly #options: TaskImagesOptions;
  readonly #images: Images;

  constructor(options: TaskImagesOptions) {
    this.#options = options;
    this.#images = new Images(options.docker, { env: options.env });
  }

  /**
   * Reads what the images of a plan are made from, and has all that somebody else made: what is missing is fetched.
   * Errors: SCANFLOW_IMAGE_MISSING, and those of `recipesOf`.
   */
  async ready(plan: Plan): Promise<void> {
    const { root, env } = this.#options;
    const recipes = await recipesOf(plan, { root, application: plan.application, env });
    await Promise.all([...new Set(recipes.values())].map((recipe) => this.#images.needGiven(recipe)));
  }

  /** Sees to it that the daemon has the image of a task; a build is told in the log. Errors: those of `Images.need`. */
  async need(attempt: Attempt, log: AttemptLog): Promise<TaskImage> {
    const { root, env } = this.#options;
    const { task, command, environment, origin } = attempt.spec;
    const application = origin?.application ?? "scanflow";
    const recipe = await recipeOf({ task, command, environment }, { root, application, env });
    // It was looked for before the run began; who removed it meanwhile is told by the daemon.
    if (recipe.kind === "given") return { ref: recipe.ref, shim: null };
    const stop = new AbortController();
    const forget = attempt.onStop(() => stop.abort());
    const note = (line: string) => log.note(line);
    const { ref } = await this.#images
      .need(recipe, { application, note, signal: stop.signal })
      .finally(forget);
    return { ref, shim: recipe.shim };
  }
}
