import type { TestProject } from "vitest/node";
import { type DockerEnvironment, startDocker } from "./docker.ts";
import { isManager, leaveSwarm } from "./swarm-of-one.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Variables by which a program reaches the daemon that the tests of the project share. */
    docker: DockerEnvironment;
  }
}

/** One daemon with base images for all tests of the project. They remove what they make in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { environment, stop } = await startDocker();
  const managed = await isManager(environment);
  project.provide("docker", environment);
  return async () => {
    try {
      if (!managed && (await isManager(environment))) await leaveSwarm(environment);
    } finally {
      await stop();
    }
  };
}
