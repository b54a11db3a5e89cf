import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configOf, type Docker, listAuths } from "../docker/index.ts";

/** Where a server in a container finds what opens the daemon and registries: a folder of Docker's settings. */
export function accessFolder(state: string): string {
  return join(state, "docker");
}

/**
 * Puts into the state folder what opens the daemon and registries to this process, for a container that sees neither the
 * settings of the user nor the programs that keep logins: certificates, and every login that `docker login` stored, in
 * files that nobody else may read. Gives the variables by which they are found; without any of it, none and no folder.
 * Errors: SCANFLOW_DOCKER_DENIED when a helper fails.
 */
export async function carryAccess(
  docker: Docker,
  state: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  const { endpoint } = docker;
  const tls = endpoint.kind === "tcp" ? endpoint.tls : null;
  const logins = await listAuths(env);
  const files: Record<string, string | undefined> = {
    "ca.pem": tls?.ca,
    "cert.pem": tls?.cert,
    "key.pem": tls?.key,
    "config.json": Object.keys(logins).length > 0 ? configOf(logins) : undefined,
  };
  const present = Object.entries(files).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, text }],
  );
  const folder = accessFolder(state);
  if (present.length === 0 && tls === null) {
    await removeAccess(state);
    return {};
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of Object.keys(files))
    if (files[name] === undefined) await rm(join(folder, name), { force: true });
  for (const { name, text } of present) await replaceFile(join(folder, name), text);
  return {
    DOCKER_CONFIG: folder,
    ...(tls && { [tls.verify ? "DOCKER_TLS_VERIFY" : "DOCKER_TLS"]: "1" }),
  };
}

export async function removeAccess(state: string): Promise<void> {
  await rm(accessFolder(state), { recursive: true, force: true });
}

/** A server that runs may read it at any time. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, path);
}
