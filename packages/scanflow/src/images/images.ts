import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode, ScanflowError } from "@scanflow/core";
import {
  buildImage,
  type Docker,
  type ImageDetails,
  inspectImage,
  listImages,
  tagImage,
} from "../docker/index.ts";
import { underLock } from "../file-lock.ts";
import { baseLogins } from "./base-logins.ts";
import { buildContext, labelContext } from "./build-context.ts";
import { buildError } from "./build-error.ts";
import { isBuiltUpon } from "./built-upon.ts";
import { readImageName } from "./image-name.ts";
import type { BuiltImage, GivenImage, ImageRecipe } from "./image-recipe.ts";
import { labelInstruction, labels, labelsOf, type MadeFor } from "./labels.ts";
import { OutputLines } from "./output-lines.ts";
import { proxyArguments } from "./proxy-arguments.ts";
import { pullGiven } from "./pull-given.ts";
import { type PushOptions, pushBuilt } from "./push-built.ts";

export interface NeedOptions extends MadeFor {
  /** Hears what a build says, line by line. */
  readonly note?: (line: string) => void;
  /** Ends the build. */
  readonly signal?: AbortSignal | undefined;
}

/** An image that the daemon has. */
export interface ReadyImage {
  /** The name by which containers are started. */
  readonly ref: string;
  /** `sha256:…`: it stays the same when the name is given to another image. */
  readonly id: string;
  /** Its size in bytes, with what it was built upon. */
  readonly bytes: number;
  /** `built` now, `pulled` now, or was there (`ready`). */
  readonly how: "built" | "pulled" | "ready";
}

export interface ImagesOptions {
  /** Folder of the locks by which processes wait for each other's builds. Default: one of the user's, for all applications. */
  readonly locks?: string;
  /** Proxies for builds and logins of registries are read from it. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The images of a Docker daemon. Each recipe is built once, whoever asks for it and however many at once; different ones
 * are built side by side.
 */
export class Images {
  readonly #docker: Docker;
  readonly #locks: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(docker: Docker, { locks, env = process.env }: ImagesOptions = {}) {
    this.#docker = docker;
    this.#locks = locks ?? join(tmpdir(), `scanflow-images-${process.getuid?.() ?? 0}`);
    this.#env = env;
    mkdirSync(this.#locks, { recursive: true, mode: 0o700 });
  }

  /**
   * The image of a recipe, built now when the daemon does not have it, or has it upon another base than the one that is
   * there now; with all that it is built upon. A given image is fetched when it is missing. Errors:
   * SCANFLOW_ENVIRONMENT_FAILED with the last lines of the build, SCANFLOW_IMAGE_MISSING, SCANFLOW_IMAGE_CONTEXT, and
   * those of `Docker`. When `signal` is aborted, its reason is thrown and nothing is left.
   */
  async need(recipe: ImageRecipe, options: NeedOptions = {}): Promise<ReadyImage> {
    if (recipe.kind === "given") return this.#given(recipe, options);
    const found = await this.find(recipe);
    if (found !== undefined) return ready(recipe, found);
    const upon = await Promise.all(recipe.needs.map((need) => this.need(need, options)));
    return underLock(join(this.#locks, `${recipe.digest}.lock`), {
      waiting: () => options.note?.(`waiting for another build of ${recipe.ref}`),
      signal: options.signal,
      work: async () => {
        const meanwhile = await this.find(recipe);
        if (meanwhile !== undefined) return ready(recipe, meanwhile);
        const ids = upon.map((image) => image.id);
        await this.#build(recipe, ids, options);
        return this.#now(recipe, "built");
      },
    });
  }

  /**
   * Has what must come from elsewhere before a recipe can be built: given images that it is or rests on. Nothing is
   * fetched for an image that is there. Errors: SCANFLOW_IMAGE_MISSING, SCANFLOW_DOCKER_DENIED.
   */
  async needGiven(recipe: ImageRecipe, options: NeedOptions = {}): Promise<void> {
    if (recipe.kind === "given") await this.need(recipe, options);
    else if ((await this.find(recipe)) === undefined) {
      await Promise.all(recipe.needs.map((need) => this.needGiven(need, options)));
    }
  }

  /** The image of a recipe that is there, whoever it was built for, if what it was built upon is still the same. */
  async find(recipe: ImageRecipe): Promise<ImageDetails | undefined> {
    const found = await this.#look(recipe);
    if (found === undefined || recipe.kind === "given") return found;
    return (await isBuiltUpon(found, recipe, (need) => this.#look(need))) ? found : undefined;
  }

  /**
   * Sends the image to a registry, building it first where it is missing, and gives its name there, pinned by its
   * digest. A given image is not sent: its name is given, pinned where its digest is known. Errors: those of `need`,
   * SCANFLOW_IMAGE_PUSH, SCANFLOW_DOCKER_DENIED.
   */
  async push(recipe: ImageRecipe, options: NeedOptions & PushOptions): Promise<string> {
    const { ref, id } = await this.need(recipe, options);
    const details = await inspectImage(this.#docker, id);
    if (recipe.kind === "given") {
      const { repository } = readImageName(ref, "A task");
      return details?.RepoDigests?.find((one) => one.startsWith(`${repository}@`)) ?? ref;
    }
    return pushBuilt(
      this.#docker,
      { recipe, id, known: details?.RepoDigests ?? [], env: this.#env },
      options,
    );
  }

  async #given(recipe: GivenImage, { note, signal }: NeedOptions): Promise<ReadyImage> {
    const found = await this.find(recipe);
    if (found !== undefined) return ready(recipe, found);
    return underLock(
      join(this.#locks, `pull-${Buffer.from(recipe.ref).toString("base64url").slice(0, 100)}.lock`),
      {
        waiting: () => note?.(`waiting for ${recipe.ref}, which is being fetched`),
        signal,
        work: async () => {
          const meanwhile = await this.find(recipe);
          if (meanwhile !== undefined) return ready(recipe, meanwhile);
          await pullGiven(this.#docker, recipe.ref, { note, signal, env: this.#env });
          return this.#now(recipe, "pulled");
        },
      },
    );
  }

  async #look(recipe: ImageRecipe): Promise<ImageDetails | undefined> {
    if (recipe.kind === "given") return inspectImage(this.#docker, recipe.ref);
    return (await this.#named(recipe)) ?? this.#likeIt(recipe);
  }

  async #named(recipe: BuiltImage): Promise<ImageDetails | undefined> {
    const found = await inspectImage(this.#docker, recipe.ref);
    return found?.Config.Labels?.[labels.recipe] === recipe.digest ? found : undefined;
  }

  /**
   * An image of the same recipe that was built for another application; it gets this name, too. What people build upon
   * such an image has its labels as well, but not its name.
   */
  async #likeIt(recipe: BuiltImage): Promise<ImageDetails | undefined> {
    const all = await listImages(this.#docker, [`${labels.recipe}=${recipe.digest}`]);
    const ending = new RegExp(`^scanflow/[^:]+[:-].*${recipe.digest.slice(0, 12)}$`);
    const like = all.find(({ RepoTags }) => RepoTags?.some((tag) => ending.test(tag)));
    if (like === undefined) return undefined;
    const { repository, tag } = readImageName(recipe.ref, "A recipe");
    await tagImage(this.#docker, like.Id, { repository, tag: tag ?? "latest" });
    return inspectImage(this.#docker, recipe.ref);
  }

  async #now(recipe: ImageRecipe, how: "built" | "pulled"): Promise<ReadyImage> {
    const found = await inspectImage(this.#docker, recipe.ref);
    if (found !== undefined) return { ...ready(recipe, found), how };
    throw new ScanflowError(
      "SCANFLOW_IMAGE_MISSING",
      `The image ${recipe.ref} was ${how}, and is not there any more. See who removes images from the Docker daemon, then try again.`,
    );
  }

  async #build(recipe: BuiltImage, upon: readonly string[], options: NeedOptions): Promise<void> {
    const { note = () => undefined, signal } = options;
    note(`building the image ${recipe.ref}, once for this environment`);
    const lines = new OutputLines(note);
    const given = labelsOf(recipe, upon, options);
    const instruction = labelInstruction(given);
    const context = buildContext(recipe, recipe.asWritten ? "" : instruction);
    const tags = [recipe.ref];
    const labelsLater = recipe.asWritten && !TRIGGERS.test(recipe.dockerfile);
    try {
      const id = await buildImage(this.#docker, {
        context,
        tags: labelsLater ? [] : tags,
        dockerfile: recipe.dockerfilePath,
        ...(recipe.asWritten && !labelsLater && { labels: given }),
        ...(recipe.asWritten && { logins: await baseLogins(recipe.dockerfile, this.#env) }),
        args: proxyArguments(this.#env),
        tell: ({ stream }) => lines.write(stream ?? ""),
        ...(signal && { signal }),
      });
      // Labels that the daemon is asked for are a step each, and in the Dockerfile they would be copied with it.
      if (labelsLater) {
        const labelled = labelContext(id, instruction);
        await buildImage(this.#docker, { context: labelled, tags, ...(signal && { signal }) });
      }
    } catch (error) {
      lines.end();
      signal?.throwIfAborted();
      // The daemon only sees that the sending ended.
      if (errorCode(context.errored) === "SCANFLOW_IMAGE_CONTEXT") throw context.errored;
      throw buildError(error, `${recipe.about} (${recipe.ref})`, lines.last);
    }
  }
}

/** Instructions for images that are built upon it, which one for its labels would be. */
const TRIGGERS = /^\s*ONBUILD\s/im;

function ready({ ref }: ImageRecipe, { Id, Size }: ImageDetails): ReadyImage {
  return { ref, id: Id, bytes: Size, how: "ready" };
}
