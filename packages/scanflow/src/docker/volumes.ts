import type { Docker } from "./docker.ts";
import { hasStatus } from "./docker-error.ts";

export interface VolumeDetails {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** Makes a volume of this name, unless there is one. */
export function needVolume(
  docker: Docker,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<VolumeDetails> {
  return docker.json({
    method: "POST",
    path: "/volumes/create",
    json: { Name: name, Labels: labels },
    what: `create volume "${name}"`,
  });
}

/** Those with all these labels (`name` or `name=value`). */
export async function listVolumes(
  docker: Docker,
  labels: readonly string[],
): Promise<readonly VolumeDetails[]> {
  const { Volumes } = await docker.json<{ Volumes: readonly VolumeDetails[] | null }>({
    method: "GET",
    path: "/volumes",
    query: { filters: { label: labels } },
    what: "list volumes",
  });
  return Volumes ?? [];
}

/** Nothing is done when there is none. */
export async function removeVolume(docker: Docker, name: string): Promise<void> {
  const call = { method: "DELETE", path: `/volumes/${name}` } as const;
  await docker.send({ ...call, what: `remove volume "${name}"` }).catch((error: unknown) => {
    if (!hasStatus(error, 404)) throw error;
  });
}
