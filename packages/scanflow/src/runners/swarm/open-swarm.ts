import { networkInterfaces } from "node:os";
import { errorCode, ScanflowError } from "@scanflow/core";
import {
  Docker,
  type DockerInfo,
  dockerInfo,
  endpointText,
  inspectNetwork,
  listNodes,
  listServices,
  removeService,
} from "../../docker/index.ts";
import { filterOf, ownerLabel, runOf } from "../docker/labels.ts";
import type { Door, Gateway } from "../gateway.ts";
import { type SwarmRooms, valueIn } from "./carry-out.ts";
import { jobModeOf } from "./job.ts";
import { RunNetworks } from "./run-networks.ts";
import { type SwarmSettings, swarmSettings } from "./settings.ts";
import { SwarmImages } from "./swarm-images.ts";
import type { SwarmRunnerOptions } from "./swarm-runner.ts";
import { TaskWatch } from "./task-watch.ts";

/** Connects to a manager of the swarm, removes what dead owners left, and opens the door that containers come to. */
export async function openSwarm(
  options: SwarmRunnerOptions,
  aside: SwarmRooms["aside"],
): Promise<SwarmRooms> {
  const { gateway, root, state, environment, code, mayGoOn = async () => true, graceMs = 5000 } = options;
  const settings = swarmSettings(environment);
  const docker = await Docker.open({ env: environment });
  try {
    const info = await dockerInfo(docker);
    refuseNoManager(info, docker);
    const owner = ownerLabel(state);
    const networks = new RunNetworks(docker, owner);
    const { registry } = settings;
    const port = await removeLeft(docker, filterOf(owner), mayGoOn);
    await networks.removeLeft(mayGoOn);
    const door = await openDoor(gateway, settings, { docker, info, port });
    const isAlone = registry === undefined && (await listNodes(docker)).length > 1;
    return {
      ...{ docker, door, networks, owner, code, graceMs, aside },
      mode: jobModeOf(info.ServerVersion),
      watch: new TaskWatch(docker),
      images: new SwarmImages({ docker, root, registry, env: environment }),
      node: isAlone ? (info.Swarm.NodeID ?? null) : null,
    };
  } catch (error) {
    docker.close();
    throw error;
  }
}

function refuseNoManager({ Swarm }: DockerInfo, docker: Docker): void {
  const where = `The Docker engine at ${endpointText(docker.endpoint)}`;
  if (Swarm.LocalNodeState !== "active") {
    throw new ScanflowError(
      "SCANFLOW_SWARM_UNAVAILABLE",
      `${where} is in no swarm (${Swarm.LocalNodeState}). Make one with "docker swarm init", or name a manager of one with DOCKER_HOST or "docker context use".`,
    );
  }
  if (Swarm.ControlAvailable !== true) {
    throw new ScanflowError(
      "SCANFLOW_SWARM_UNAVAILABLE",
      `${where} is a worker of its swarm, and only managers take services. Name a manager with DOCKER_HOST or "docker context use".`,
    );
  }
}

/** Jobs of runs that may yet be taken up stay: then they are adopted, or removed. Answers where they look for the door. */
async function removeLeft(
  docker: Docker,
  labels: readonly string[],
  mayGoOn: (run: string) => Promise<boolean>,
): Promise<number> {
  let port = 0;
  for (const { ID, Spec } of await listServices(docker, labels)) {
    const run = runOf(Spec.Labels);
    if (run === undefined || !(await mayGoOn(run))) {
      await removeService(docker, ID);
      continue;
    }
    const url = valueIn(Spec.TaskTemplate.ContainerSpec.Env, "SCANFLOW_GATEWAY");
    port = Number(URL.parse(url ?? "")?.port ?? 0);
  }
  return port;
}

/**
 * Where the settings say, else at the address by which the other nodes reach this one; on the port of last time, if it
 * is free, so that containers that outlived an earlier owner find it again.
 */
async function openDoor(
  gateway: Gateway,
  { gateway: given }: SwarmSettings,
  {
    docker,
    info,
    port: former,
  }: { readonly docker: Docker; readonly info: DockerInfo; readonly port: number },
): Promise<Door> {
  const address = await addressFor(docker, info);
  const { host, port } = given ?? { host: address, port: 0 };
  if (!isOurs(host) && !isAny(host)) {
    throw new ScanflowError(
      "SCANFLOW_SWARM_CONFIG",
      `The containers of the swarm are to reach this process at ${host}, which is no address of this machine. Name one that all nodes reach with SCANFLOW_GATEWAY, such as SCANFLOW_GATEWAY=192.168.1.5.`,
    );
  }
  const at = (wanted: number) =>
    gateway.open({
      host,
      port: wanted,
      // Another machine's containers come to the port of this node, which leads here.
      ...(isAny(host) && { advertised: `http://${address}:${wanted}` }),
    });
  if (port !== 0 || former === 0) return at(port);
  return at(former).catch((error: unknown) => {
    if (errorCode(error) !== "SCANFLOW_GATEWAY_ADDRESS") throw error;
    return at(0);
  });
}

/**
 * Where containers of the swarm find this node. One whose address is a loopback one is alone in its swarm; containers
 * then leave by Docker's bridge for swarms, and reach the machine at its end of that.
 */
async function addressFor(docker: Docker, { Swarm }: DockerInfo): Promise<string> {
  const address = Swarm.NodeAddr ?? "";
  if (!address.startsWith("127.") && address !== "::1") return address;
  const bridge = await inspectNetwork(docker, "docker_gwbridge");
  return bridge?.IPAM.Config?.find(({ Gateway }) => Gateway !== undefined)?.Gateway ?? address;
}

function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function isOurs(host: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === host));
}
