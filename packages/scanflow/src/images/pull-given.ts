import { errorCode, ScanflowError } from "@scanflow/core";
import { type Docker, findAuth, pullImage, registryOf } from "../docker/index.ts";

interface PullOptions {
  readonly note?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Fetches an image. Errors: SCANFLOW_IMAGE_MISSING, SCANFLOW_DOCKER_DENIED, SCANFLOW_DOCKER_FULL. */
export async function pullGiven(
  docker: Docker,
  ref: string,
  { note, signal, env }: PullOptions,
): Promise<void> {
  note?.(`fetching ${ref}`);
  try {
    const auth = await findAuth(registryOf(ref), env);
    await pullImage(docker, ref, { auth, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    if (errorCode(error) !== "SCANFLOW_DOCKER_FAILED") throw error;
    throw missing(ref, error instanceof Error ? error.message : String(error), error);
  }
}

function missing(ref: string, why: string, cause: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_IMAGE_MISSING",
    `The Docker daemon does not have the image ${ref}, and cannot fetch it: ${why} Correct its name, log in to its registry with "docker login", or load it ("docker load").`,
    { cause },
  );
}
