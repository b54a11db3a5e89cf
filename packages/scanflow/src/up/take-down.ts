import {
  type Docker,
  inspectContainer,
  killContainer,
  listContainers,
  listNetworks,
  listVolumes,
  removeContainer,
  removeNetwork,
  removeVolume,
  waitForContainer,
} from "../docker/index.ts";
import { filterOf, ownerLabel } from "../runners/docker/labels.ts";
import { removeAccess } from "./carried-access.ts";
import { findServers } from "./server-container.ts";

/** What was removed of a state folder's, by their names. */
export interface TakenDown {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** How long the server may take to end its tasks. */
const graceMs = 30_000;

/**
 * Ends the server in its container, then removes all that it and the owners before it made in the daemon: containers,
 * networks, volumes. Runs that were under way can be resumed; the state folder and images stay. `own`: makes the caller
 * the owner of the state, or throws where somebody else is, whose tasks those are; what it gives lets it go again.
 */
export async function takeDown(docker: Docker, state: string, own: () => () => void): Promise<TakenDown> {
  const servers = await findServers(docker, state);
  for (const { Id } of servers) await end(docker, Id);
  await removeAccess(state);
  const filter = filterOf(ownerLabel(state));
  const [containers, networks, volumes] = await Promise.all([
    listContainers(docker, filter),
    listNetworks(docker, filter),
    listVolumes(docker, filter),
  ]);
  if (containers.length + networks.length + volumes.length > 0) {
    const letGo = own();
    try {
      for (const { Id } of containers) await removeContainer(docker, Id);
      for (const { Id } of networks) await removeNetwork(docker, Id);
      for (const { Name } of volumes) await removeVolume(docker, Name);
    } finally {
      letGo();
    }
  }
  return {
    containers: [...servers, ...containers].map(
      ({ Names: [name = ""], Id }) => name.replace(/^\//, "") || Id,
    ),
    networks: networks.map(({ Name }) => Name),
    volumes: volumes.map(({ Name }) => Name),
  };
}

async function end(docker: Docker, id: string): Promise<void> {
  const running = (await inspectContainer(docker, id))?.State.Running === true;
  if (running) {
    const patience = new AbortController();
    const { exit } = await waitForContainer(docker, id, { signal: patience.signal });
    await killContainer(docker, id, "SIGTERM");
    const timer = setTimeout(() => patience.abort(), graceMs);
    await exit.catch(() => undefined);
    clearTimeout(timer);
  }
  await removeContainer(docker, id);
}
