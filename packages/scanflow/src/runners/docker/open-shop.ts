import { type Docker, listContainers, removeContainer } from "../../docker/index.ts";
import { checkFiles, checkReadable, containerUser, openDaemon } from "./daemon.ts";
import type { DockerRunnerOptions } from "./docker-runner.ts";
import type { DockerShop } from "./docker-shop.ts";
import { GroupNetworks, removeLeftNetworks } from "./group-networks.ts";
import { filterOf, type Labels, ownerLabel, runOf } from "./labels.ts";
import { TaskImages } from "./task-images.ts";

/** Connects to the daemon, looks whether it sees this machine's files, and removes what dead owners left. */
export async function openShop(
  options: DockerRunnerOptions,
  aside: DockerShop["aside"],
): Promise<DockerShop> {
  const { artifacts, root, state, gateway, graceMs = 5000, logLimit = 64 * 1024 * 1024 } = options;
  const { environment: owner = process.env, mayGoOn = async () => true } = options;
  const daemon = await openDaemon(owner);
  const { docker } = daemon;
  try {
    const label = ownerLabel(state);
    const user = containerUser(root);
    checkReadable(root, user);
    await checkFiles(daemon, state);
    await removeLeftContainers(docker, label, mayGoOn);
    await removeLeftNetworks(docker, label);
    return {
      ...{ artifacts, owner, graceMs, logLimit, daemon, state, aside },
      images: new TaskImages({ docker, root, env: owner }),
      networks: new GroupNetworks({ docker, owner: label, gateway }),
      ownerLabel: label,
      user,
    };
  } catch (error) {
    docker.close();
    throw error;
  }
}

/** Those of runs that may yet be taken up stay: then they are adopted, or removed. */
async function removeLeftContainers(
  docker: Docker,
  label: Labels,
  mayGoOn: (run: string) => Promise<boolean>,
): Promise<void> {
  for (const { Id, Labels } of await listContainers(docker, filterOf(label))) {
    const run = runOf(Labels);
    if (run === undefined || !(await mayGoOn(run))) await removeContainer(docker, Id);
  }
}
