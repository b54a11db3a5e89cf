import { createServer } from "node:net";
import { type Docker, listNetworks, needNetwork, removeNetwork } from "../../docker/index.ts";
import type { Door, Gateway } from "../gateway.ts";
import type { AttemptSpec } from "../runner.ts";
import { dockerName, filterOf, type Labels, runLabels } from "./labels.ts";

/** The network of a workflow in a run, and the owner's door on it. */
export interface GroupNetwork {
  readonly name: string;
  /** null without a gateway: what runs there reaches no tracker of the owner. */
  readonly door: Door | null;
  /** Whether containers are reached from this machine by their addresses in it. */
  readonly isOurs: boolean;
  /** `name:address` lines by which the door is found. */
  readonly hosts: readonly string[];
}

export interface GroupNetworksOptions {
  readonly docker: Docker;
  readonly owner: Labels;
  readonly gateway: Gateway | undefined;
}

const hostName = "host.docker.internal";

/** One network for each workflow of a run, so that nothing is reached by name that does not belong to it. */
export class GroupNetworks {
  readonly #options: GroupNetworksOptions;
  readonly #networks = new Map<string, Promise<GroupNetwork>>();
  readonly #runs = new Map<string, Set<string>>();

  constructor(options: GroupNetworksOptions) {
    this.#options = options;
  }

  /** The network of an attempt's workflow, made now when it is not there. `port`: where its door was before, if it was. */
  need(spec: Pick<AttemptSpec, "run" | "origin">, port?: number): Promise<GroupNetwork> {
    const { run, origin } = spec;
    const name = dockerName(run, origin?.group || origin?.workflow || "");
    const known = this.#networks.get(name);
    if (known) return known;
    const network = this.#open(name, spec, port);
    this.#networks.set(name, network);
    this.#runs.set(run, (this.#runs.get(run) ?? new Set()).add(name));
    network.catch(() => this.#networks.delete(name));
    return network;
  }

  /** Removes the networks of a run. */
  async leave(run: string): Promise<void> {
    const names = this.#runs.get(run) ?? [];
    this.#runs.delete(run);
    await Promise.all(Array.from(names, (name) => this.#close(name)));
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#runs.keys(), (run) => this.leave(run)));
  }

  async #open(
    name: string,
    spec: Pick<AttemptSpec, "run" | "origin">,
    port: number | undefined,
  ): Promise<GroupNetwork> {
    const { docker, owner, gateway } = this.#options;
    const network = await needNetwork(docker, name, { labels: { ...owner, ...runLabels(spec) } });
    const address = network.IPAM.Config?.find(({ Gateway }) => Gateway)?.Gateway;
    if (address !== undefined && (await isAddressHere(address))) {
      const door = gateway ? await openDoor(gateway, address, port) : null;
      return { name, isOurs: true, door, hosts: [] };
    }
    // The daemon runs in a machine of its own, as on a Mac: there its host has a name.
    const door = gateway ? await openDoor(gateway, "127.0.0.1", port) : null;
    return { name, isOurs: false, door, hosts: [`${hostName}:host-gateway`] };
  }

  async #close(name: string): Promise<void> {
    const network = await this.#networks.get(name)?.catch(() => undefined);
    this.#networks.delete(name);
    await network?.door?.close();
    await removeNetwork(this.#options.docker, name);
  }
}

/** Removes the networks that dead owners of the same state folder left and that nothing uses any more. */
export async function removeLeftNetworks(docker: Docker, owner: Labels): Promise<void> {
  const left = await listNetworks(docker, filterOf(owner));
  await Promise.all(left.map(({ Id }) => removeNetwork(docker, Id).catch(() => undefined)));
}

async function openDoor(gateway: Gateway, host: string, port: number | undefined): Promise<Door> {
  const isNamed = host === "127.0.0.1";
  const at = (wanted: number) =>
    gateway.open({ host, port: wanted, ...(isNamed && { advertised: `http://${hostName}:${wanted}` }) });
  // Somebody else may have taken the port of a dead owner's door meanwhile.
  return port === undefined ? at(0) : at(port).catch(() => at(0));
}

/** A bridge that nothing is attached to yet is in no list of interfaces, but its address can be listened on. */
function isAddressHere(host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host, port: 0 }, () => server.close(() => resolve(true)));
  });
}
