import { findAuth, type RegistryAuth, registryOf } from "../docker/index.ts";

const named = /^\s*(?:FROM\s+(?:--platform=\S+\s+)?|(?:COPY|ADD)\s+--from=)([^\s$]+)(?:\s|$)/gim;

/**
 * The logins of the registries that a Dockerfile takes images from. Names that it puts together from arguments are not
 * read: such a base must be on the daemon or free to be fetched. Errors: SCANFLOW_DOCKER_DENIED when a helper fails.
 */
export async function baseLogins(
  dockerfile: string,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, RegistryAuth>> {
  const images = Array.from(dockerfile.matchAll(named), ([, image = ""]) => image);
  const logins: Record<string, RegistryAuth> = {};
  for (const registry of new Set(images.map(registryOf))) {
    const auth = await findAuth(registry, env);
    if (auth !== null) logins[auth.serveraddress] = auth;
  }
  return logins;
}
