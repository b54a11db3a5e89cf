import type { V1Container, V1JobSpec, V1PodSecurityContext, V1Service } from "@kubernetes/client-node";
import type { ServiceSettings } from "@scanflow/core";
import { listeningInContainer } from "../contract/listening.ts";
import { jobNameLabel } from "./names.ts";

/** Of the container's port: policies of the network name it. */
const portName = "http";

/** The largest that Kubernetes takes: how long it may take to come up is the start timeout's to say. */
const untilItAnswers = 2 ** 31 - 1;

/** Ports below this one are the system's: a container must be let listen there. */
const firstFreePort = 1024;

/** As many pods as it has replicas; none of them is to end. */
export function replicasOf({ replicas }: ServiceSettings): Pick<V1JobSpec, "completions" | "parallelism"> {
  const count = Math.max(1, replicas);
  return { completions: count, parallelism: count };
}

/**
 * Where it listens, and how its node finds that it can be asked: as the other runners do, until it answers once. What
 * answers from 200 to 399 is well (Kubernetes, "Configure probes"), and who has no other probe stays ready from then on
 * (`started` and `ready` of ContainerStatus).
 */
export function listeningContainer(service: ServiceSettings): Pick<V1Container, "ports" | "startupProbe"> {
  const { health } = service;
  const ask =
    health === null ? { tcpSocket: { port: portName } } : { httpGet: { path: health, port: portName } };
  return {
    ports: [{ name: portName, containerPort: portOf(service) }],
    startupProbe: { ...ask, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: untilItAnswers },
  };
}

/** Lets who is nobody listen on a port below 1024. One of the sysctls that every policy takes for safe. */
export function lowPorts(service: ServiceSettings): Pick<V1PodSecurityContext, "sysctls"> {
  if (portOf(service) >= firstFreePort) return {};
  return { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] };
}

/** Stands before the pods of the Job of the same name, under an address of its own. */
export function serviceManifest(metadata: V1Service["metadata"] & {}, service: ServiceSettings): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type: "ClusterIP",
      selector: { [jobNameLabel]: metadata.name ?? "" },
      ports: [{ name: portName, port: portOf(service), targetPort: portName }],
    },
  };
}

/** The base address of a service, by the address of its Service. */
export function addressOf(service: ServiceSettings, clusterIp: string): string {
  return `http://${clusterIp.includes(":") ? `[${clusterIp}]` : clusterIp}:${portOf(service)}`;
}

function portOf(service: ServiceSettings): number {
  return listeningInContainer({ service })?.port ?? 0;
}
