import { isIP } from "node:net";
import type { V1HostAlias, V1PodSpec } from "@kubernetes/client-node";

/** What a name in a pod's hosts file may be (Kubernetes: `ValidateHostAliases`, a subdomain of DNS). */
const hostName = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/**
 * The names of nodes that are services, as who asks finds them: entries of the pod's own hosts file, which hold for no
 * other pod. A name that it needs for itself, such as the gateway's, stays what it is.
 */
export function hostAliases(
  services: Readonly<Record<string, string>>,
  gatewayUrl: string,
): Pick<V1PodSpec, "hostAliases"> {
  const own = new Set(["localhost", ...(URL.canParse(gatewayUrl) ? [new URL(gatewayUrl).hostname] : [])]);
  const aliases = new Map<string, V1HostAlias & { hostnames: string[] }>();
  for (const [name, url] of Object.entries(services)) {
    const host = name.toLowerCase();
    const ip = new URL(url).hostname.replace(/^\[|\]$/g, "");
    if (isIP(ip) === 0 || !hostName.test(host) || own.has(host)) continue;
    own.add(host);
    const alias = aliases.get(ip) ?? { ip, hostnames: [] };
    alias.hostnames.push(host);
    aliases.set(ip, alias);
  }
  return aliases.size === 0 ? {} : { hostAliases: [...aliases.values()] };
}
