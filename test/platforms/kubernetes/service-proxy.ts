import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createContainer,
  type Docker,
  inspectContainer,
  removeContainer,
  startContainer,
} from "../../../packages/scanflow/src/docker/index.ts";
import { BASE_IMAGES } from "../base-images.ts";
import { kubeletLabel } from "./docker-runtime.ts";
import { meets } from "./label-selector.ts";
import type { ObjectStore, Stored } from "./object-store.ts";

interface ServiceSpec {
  readonly clusterIP: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly port: number; readonly targetPort?: number | string }[];
}

/** What listens at a ClusterIP, and who of its pods is asked, by port. */
type Table = Readonly<Record<number, readonly string[]>>;

/**
 * Makes ClusterIPs that containers can connect to: each is the address of a container in the cluster's network that
 * hands connections on to the pods of its Service that are ready and not on their way out, and listens only while there
 * are any, since what has none is refused. Sources: Kubernetes, "Service", "Virtual IPs and Service Proxies",
 * "EndpointSlices" (conditions); as kube-proxy it learns of changes a moment later.
 */
export class ServiceProxy {
  readonly #docker: Docker;
  readonly #network: string;
  readonly #store: ObjectStore;
  readonly #folder = mkdtempSync(join(tmpdir(), "scanflow-services-"));
  /** Containers by their addresses. */
  readonly #containers = new Map<string, string>();
  /** Folders of their tables. */
  readonly #folders = new Map<string, string>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stopListening: () => void;
  #count = 0;

  constructor(docker: Docker, { network, store }: { network: string; store: ObjectStore }) {
    this.#docker = docker;
    this.#network = network;
    this.#store = store;
    this.#stopListening = store.listen(({ collection, type, object }) => {
      if (collection === "services" && type === "DELETED") this.#remove(addressOf(object));
      else if (collection === "services" || collection === "pods") this.#tellAll(object.metadata.namespace);
    });
  }

  /** An address that nobody else has. */
  allocate(): Promise<string> {
    const made = this.#allocate().finally(() => this.#underWay.delete(made));
    this.#underWay.add(made);
    return made;
  }

  async #allocate(): Promise<string> {
    const folder = join(this.#folder, String(this.#count++));
    mkdirSync(folder, { mode: 0o755 });
    writeTable(folder, {});
    const id = await createContainer(this.#docker, `cluster-ip-${process.pid}-${Date.now()}-${this.#count}`, {
      Image: BASE_IMAGES.node,
      Entrypoint: ["node", "-e", forwarder],
      Labels: { [kubeletLabel]: this.#network },
      HostConfig: { NetworkMode: this.#network, Init: true, Binds: [`${folder}:/table:ro`] },
    });
    await startContainer(this.#docker, id);
    const found = await inspectContainer(this.#docker, id);
    const address = found?.NetworkSettings.Networks[this.#network]?.IPAddress ?? "";
    this.#containers.set(address, id);
    this.#folders.set(address, folder);
    return address;
  }

  async close(): Promise<void> {
    this.#stopListening();
    await Promise.allSettled(this.#underWay);
    for (const address of [...this.#containers.keys()]) this.#remove(address);
    await Promise.all(this.#underWay);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tellAll(namespace: string): void {
    const pods = this.#store.list("pods", namespace);
    for (const service of this.#store.list("services", namespace)) {
      const folder = this.#folders.get(addressOf(service));
      if (folder !== undefined) writeTable(folder, tableOf(service, pods));
    }
  }

  #remove(address: string): void {
    const id = this.#containers.get(address);
    this.#containers.delete(address);
    if (id === undefined) return;
    const removal = removeContainer(this.#docker, id).finally(() => this.#underWay.delete(removal));
    this.#underWay.add(removal);
  }
}

function addressOf({ spec }: Stored): string {
  return (spec as unknown as ServiceSpec).clusterIP;
}

function tableOf({ spec }: Stored, pods: readonly Stored[]): Table {
  const { selector, ports } = spec as unknown as ServiceSpec;
  const wanted = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const asked = pods.filter((pod) => meets(pod.metadata.labels, wanted) && isReady(pod));
  return Object.fromEntries(
    ports.map(({ port, targetPort = port }) => [
      port,
      asked.map((pod) => `${pod.status?.podIP}:${targetOf(pod, targetPort)}`),
    ]),
  );
}

function isReady({ metadata, status }: Stored): boolean {
  const conditions = (status?.conditions ?? []) as readonly { type: string; status: string }[];
  const ready = conditions.some(({ type, status: holds }) => type === "Ready" && holds === "True");
  return ready && !metadata.deletionTimestamp;
}

/** A port by its name is that of the pod's container. */
function targetOf({ spec }: Stored, target: number | string): number {
  if (typeof target === "number") return target;
  const containers = spec?.containers as readonly { ports?: { name: string; containerPort: number }[] }[];
  const ports = containers.flatMap(({ ports: own = [] }) => own);
  return ports.find(({ name }) => name === target)?.containerPort ?? 0;
}

/** Whole or not at all: it is read at any moment. */
function writeTable(folder: string, table: Table): void {
  const text = JSON.stringify(table);
  writeFileSync(join(folder, "new"), text, { mode: 0o644 });
  renameSync(join(folder, "new"), join(folder, "table.json"));
}

/** Runs in the container. */
const forwarder = `const net = require("node:net"), fs = require("node:fs");
const servers = new Map();
let table = {};
function look() {
  table = JSON.parse(fs.readFileSync("/table/table.json", "utf8"));
  for (const [port, targets] of Object.entries(table)) {
    if (targets.length > 0 && !servers.has(port)) servers.set(port, net.createServer((from) => {
      const [host, target] = table[port][Math.floor(Math.random() * table[port].length)].split(":");
      const to = net.connect(Number(target), host);
      for (const [one, other] of [[from, to], [to, from]]) {
        one.pipe(other);
        one.on("error", () => other.destroy());
      }
    }).listen(Number(port), "0.0.0.0"));
    if (targets.length === 0 && servers.has(port)) { servers.get(port).close(); servers.delete(port); }
  }
}
setInterval(look, 50);
`;
