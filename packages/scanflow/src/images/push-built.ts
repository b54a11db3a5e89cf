import { errorCode, ScanflowError } from "@scanflow/core";
import { type Docker, findAuth, pushImage, registryOf, tagImage } from "../docker/index.ts";
import { readImageName, refIn } from "./image-name.ts";
import type { BuiltImage } from "./image-recipe.ts";

export interface PushOptions {
  /** As `readRegistry` gives it, such as `localhost:5000` or `ghcr.io/team`. */
  readonly registry: string;
  readonly note?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

interface Pushed {
  readonly recipe: BuiltImage;
  readonly id: string;
  /** Names with digests that the daemon knows of the image. */
  readonly known: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Sends an image to a registry and gives its name there, with its digest. Errors: SCANFLOW_IMAGE_PUSH, SCANFLOW_DOCKER_DENIED. */
export async function pushBuilt(
  docker: Docker,
  { recipe, id, known, env }: Pushed,
  { registry, note, signal }: PushOptions,
): Promise<string> {
  const name = refIn(registry, recipe);
  const { repository, tag } = readImageName(name, "A recipe");
  const as = { repository, tag: tag ?? "latest" };
  const place = registryOf(repository);
  note?.(`pushing ${name}`);
  try {
    const auth = await findAuth(place, env);
    await tagImage(docker, id, as);
    const digest = await pushImage(docker, as, { auth, ...(signal && { signal }) });
    const before = known.find((one) => one.startsWith(`${repository}@`));
    return digest === undefined ? (before ?? name) : `${repository}@${digest}`;
  } catch (error) {
    signal?.throwIfAborted();
    const code = errorCode(error);
    if (code !== "SCANFLOW_DOCKER_FAILED" && code !== "SCANFLOW_IMAGE_MISSING") throw error;
    throw new ScanflowError(
      "SCANFLOW_IMAGE_PUSH",
      `The image ${recipe.ref} could not be pushed to ${registry}: ${error instanceof Error ? error.message : String(error)} See whether the registry answers at https://${place}/v2/ (one without TLS must stand on this machine or among the daemon's "insecure-registries"), and whether you may write there.`,
      { cause: error },
    );
  }
}
