import type { Docker } from "./docker.ts";
import { hasStatus } from "./docker-error.ts";

export interface NetworkDetails {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly IPAM: {
    readonly Config: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null;
  };
}

/** Makes a network of this name, unless there is one, and tells of it. */
export async function needNetwork(
  docker: Docker,
  name: string,
  { labels, driver = "bridge", attachable }: NetworkSettings,
): Promise<NetworkDetails> {
  const found = await inspectNetwork(docker, name);
  if (found) return found;
  const json = { Name: name, Driver: driver, CheckDuplicate: true, Labels: labels, Attachable: attachable };
  const call = { method: "POST", path: "/networks/create", json } as const;
  await docker.send({ ...call, what: `create network "${name}"` }).catch((error: unknown) => {
    // Somebody else made it meanwhile.
    if (!hasStatus(error, 409)) throw error;
  });
  return docker.json({ method: "GET", path: `/networks/${name}`, what: `look at network "${name}"` });
}

export interface NetworkSettings {
  readonly labels: Readonly<Record<string, string>>;
  /** Default `bridge`. */
  readonly driver?: string;
  /** Of an overlay network: whether containers that are no service may join. */
  readonly attachable?: boolean;
}

/** undefined when there is none. */
export async function inspectNetwork(docker: Docker, name: string): Promise<NetworkDetails | undefined> {
  try {
    return await docker.json<NetworkDetails>({
      method: "GET",
      path: `/networks/${encodeURIComponent(name)}`,
      what: `look at network "${name}"`,
    });
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Those with all these labels (`name` or `name=value`). */
export function listNetworks(docker: Docker, labels: readonly string[]): Promise<readonly NetworkDetails[]> {
  return docker.json({
    method: "GET",
    path: "/networks",
    query: { filters: { label: labels } },
    what: "list networks",
  });
}

/** Nothing is done when there is none. */
export async function removeNetwork(docker: Docker, name: string): Promise<void> {
  const call = { method: "DELETE", path: `/networks/${encodeURIComponent(name)}` } as const;
  await docker.send({ ...call, what: `remove network "${name}"` }).catch((error: unknown) => {
    if (!hasStatus(error, 404)) throw error;
  });
}
