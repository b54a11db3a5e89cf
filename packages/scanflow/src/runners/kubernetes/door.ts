import { connect, createServer, isIP } from "node:net";
import { errorCode, ScanflowError } from "@scanflow/core";
import type { Cluster } from "../../kubernetes/index.ts";
import type { Door, Gateway } from "../gateway.ts";
import type { Memory } from "./memory.ts";
import type { KubernetesSettings } from "./settings.ts";

/**
 * Opens the door that pods come to: where the settings say, else at the address by which this machine reaches the
 * cluster. On the port of last time, if it is free, so that pods that outlived an earlier owner find it again.
 */
export async function openDoor(
  gateway: Gateway,
  { cluster, settings, memory }: { cluster: Cluster; settings: KubernetesSettings; memory: Memory },
): Promise<Door> {
  const { host, port } = settings.gateway ?? { host: await ownAddress(cluster), port: 0 };
  const own = await isOwn(host);
  if (!own && port === 0) {
    throw new ScanflowError(
      "SCANFLOW_KUBERNETES_CONFIG",
      `SCANFLOW_KUBERNETES_GATEWAY is "${host}", which is no address of this machine, so the port there must be said, too. Write ${host}:PORT, and have that lead here.`,
    );
  }
  const open = (wanted: number) =>
    gateway.open(
      own
        ? { host, port: wanted }
        : { host: "0.0.0.0", port: wanted, advertised: `http://${host}:${wanted}` },
    );
  const door =
    port !== 0 || memory.port === 0
      ? await open(port)
      : await open(memory.port).catch((error: unknown) => {
          if (errorCode(error) === undefined) throw error;
          return open(0);
        });
  if (door.port !== memory.port) await memory.keepPort(door.port);
  return door;
}

/** Whether one can listen there: the list of interfaces lacks bridges that nothing is attached to yet. */
async function isOwn(host: string): Promise<boolean> {
  if (isIP(host) === 0) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const trial = createServer();
  trial.once("error", () => resolve(false));
  trial.listen({ host, port: 0 }, () => trial.close(() => resolve(true)));
  return promise;
}

/** The address that this machine speaks to the API server from; pods and nodes can mostly answer there. */
async function ownAddress({ connection: { access } }: Cluster): Promise<string> {
  const { hostname, port, protocol } = access.server;
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || (protocol === "https:" ? 443 : 80),
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.once("connect", () => resolve(socket.localAddress ?? ""));
  socket.once("error", reject);
  const address = await promise.finally(() => socket.destroy());
  if (!/^(127\.|::1$|::ffff:127\.)/.test(address)) return address;
  throw new ScanflowError(
    "SCANFLOW_KUBERNETES_CONFIG",
    `The cluster "${access.context}" is reached on this machine (${access.server.origin}), and what address its pods reach this machine at cannot be told from that. Name it in SCANFLOW_KUBERNETES_GATEWAY, such as 192.168.49.1 or host.docker.internal.`,
  );
}
