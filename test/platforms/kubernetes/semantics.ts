import { isIP } from "node:net";
import type { Stored } from "./object-store.ts";
import type { Container, PodSpec } from "./pod-spec.ts";

/**
 * What Kubernetes refuses beyond the form of an object, of what services within runs write. Source: kubernetes,
 * `pkg/apis/core/validation/validation.go` (ValidateService, validateHostAliases, validateInitContainers,
 * validateProbe, validateContainerPorts); undefined: nothing.
 */
export function faultOf({
  kind,
  metadata,
  spec,
}: Pick<Stored, "kind" | "spec" | "metadata">): string | undefined {
  if (kind === "Service") return serviceFault(metadata.name, spec);
  if (kind !== "Job" || !spec) return undefined;
  return podFault((spec.template as { spec: PodSpec }).spec);
}

/** RFC 1035. */
const serviceName = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

function serviceFault(name: string, spec: Stored["spec"]): string | undefined {
  const ports = (spec?.ports ?? []) as readonly { port?: number; name?: string }[];
  if (!serviceName.test(name)) return `metadata.name: Invalid value: ${JSON.stringify(name)}`;
  if (ports.length === 0) return "spec.ports: Required value";
  return ports.every(({ port = 0 }) => isPort(port)) ? undefined : "spec.ports[0].port: Invalid value";
}

/** RFC 1123, with dots. */
const hostName = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function podFault({ hostAliases = [], initContainers = [], containers }: PodSpec): string | undefined {
  for (const { ip = "", hostnames = [] } of hostAliases) {
    if (isIP(ip) === 0) return `spec.hostAliases.ip: Invalid value: ${JSON.stringify(ip)}`;
    const wrong = hostnames.find((name) => !hostName.test(name) || name.length > 253);
    if (wrong !== undefined) return `spec.hostAliases.hostnames: Invalid value: ${JSON.stringify(wrong)}`;
  }
  for (const { startupProbe, restartPolicy } of initContainers) {
    if (startupProbe && restartPolicy !== "Always")
      return "spec.initContainers.startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always";
  }
  return containers.map(containerFault).find((fault) => fault !== undefined);
}

function containerFault({ ports = [], startupProbe }: Container): string | undefined {
  if (ports.some(({ containerPort }) => !isPort(containerPort))) return "containers.ports: Invalid value";
  const { successThreshold = 1, httpGet, tcpSocket, failureThreshold = 3 } = startupProbe ?? {};
  if (successThreshold !== 1) return "startupProbe.successThreshold: must be 1";
  if (failureThreshold < 1 || failureThreshold > 2 ** 31 - 1)
    return "startupProbe.failureThreshold: out of range";
  const named = (httpGet ?? tcpSocket)?.port;
  const isKnown = typeof named !== "string" || ports.some(({ name }) => name === named);
  return isKnown ? undefined : `startupProbe.port: no port is called ${named}`;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
