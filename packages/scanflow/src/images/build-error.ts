import { errorCode, ScanflowError } from "@scanflow/core";

const quotedLines = 15;

/** What an image is built with says why it failed only in its output: the error quotes the end of that. */
export function buildError(error: unknown, about: string, said: readonly string[]): unknown {
  if (errorCode(error) !== "SCANFLOW_DOCKER_FAILED") return error;
  const last = said.slice(-quotedLines).join("\n");
  if (/no space left on device|disk quota exceeded/i.test(last)) {
    return new ScanflowError(
      "SCANFLOW_DOCKER_FULL",
      `The image for ${about} could not be built, since the disk of the Docker daemon is full:\n${last}\nMake room there, for example with "docker system df" and "docker image prune", then build again.`,
      { cause: error },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ScanflowError(
    "SCANFLOW_ENVIRONMENT_FAILED",
    `The image for ${about} could not be built: ${message.replace(/ See what it says there.*$/, "")} Its last lines:\n${last}\nCorrect what the environment asks for (names, versions, the Dockerfile, the network of the Docker daemon), then build again.`,
    { cause: error },
  );
}
