import { inject } from "vitest";
import { Docker } from "./docker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** As `test/platforms/global-docker.ts` provides it. */
    docker: { readonly DOCKER_HOST: string; readonly DOCKER_CONFIG: string };
  }
}

/** The environment in which the daemon is found that all tests named `*.docker.test.ts` share. */
export function dockerEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...inject("docker") };
}

/** That daemon. */
export function testDaemon(): Promise<Docker> {
  return Docker.open({ env: dockerEnvironment() });
}

/** An image with a shell and the usual commands that is there wherever the tests run. */
export const testImage = "debian:bookworm-slim";
