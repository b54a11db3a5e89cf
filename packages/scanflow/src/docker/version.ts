import { DockerError } from "./docker-error.ts";

/** The oldest version of the API with all that is used here: replicated jobs came with 1.41, Docker 20.10. */
const oldest = "1.41";
/** The newest version that was looked at. A newer daemon speaks it too. */
const newest = "1.51";

/** The version to speak with a daemon whose newest is `theirs`. Errors: SCANFLOW_DOCKER_FAILED when it is too old. */
export function agreeOnVersion(theirs: unknown, endpoint: string): string {
  if (typeof theirs !== "string" || !/^\d+\.\d+$/.test(theirs)) {
    throw new DockerError(
      "SCANFLOW_DOCKER_FAILED",
      `What answers at ${endpoint} does not say which version of the Docker API it speaks. Name a Docker daemon in DOCKER_HOST.`,
    );
  }
  if (compare(theirs, oldest) < 0) {
    throw new DockerError(
      "SCANFLOW_DOCKER_FAILED",
      `The Docker daemon at ${endpoint} speaks version ${theirs} of its API, and ${oldest} is needed. Update Docker to 20.10 or later.`,
    );
  }
  return compare(theirs, newest) < 0 ? theirs : newest;
}

function compare(left: string, right: string): number {
  const [a = 0, b = 0] = left.split(".").map(Number);
  const [c = 0, d = 0] = right.split(".").map(Number);
  return a - c || b - d;
}
