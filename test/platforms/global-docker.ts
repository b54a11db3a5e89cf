import type { TestProject } from "vitest/node";
import { type DockerEnvironment, startDocker } from "./docker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Variables by which a program reaches the daemon that the tests of the project share. */
    docker: DockerEnvironment;
  }
}

/** One daemon with base images for all tests of the project. They remove what they make in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const platform = await startDocker();
  project.provide("docker", platform.environment);
  return platform.stop;
}
