import { ScanflowError } from "@scanflow/core";

export interface SwarmSettings {
  /** Where the gateway listens; undefined: at the address by which the nodes reach this one. */
  readonly gateway: { readonly host: string; readonly port: number } | undefined;
  /** Where images are pushed to and fetched from; undefined: they are on this node alone. */
  readonly registry: string | undefined;
}

/**
 * What the environment says of the swarm: SCANFLOW_GATEWAY (`host` or `host:port`, where containers of all nodes reach
 * this process) and SCANFLOW_REGISTRY. Errors: SCANFLOW_SWARM_CONFIG.
 */
export function swarmSettings(environment: NodeJS.ProcessEnv): SwarmSettings {
  const { SCANFLOW_GATEWAY: gateway, SCANFLOW_REGISTRY: registry } = environment;
  return { gateway: gateway ? readGateway(gateway) : undefined, registry: registry || undefined };
}

function readGateway(text: string): { host: string; port: number } {
  const [, bracketed, plain, port = "0"] = /^(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) < 65_536) return { host, port: Number(port) };
  throw new ScanflowError(
    "SCANFLOW_SWARM_CONFIG",
    `The address of --gateway (or SCANFLOW_GATEWAY) is "${text}". Give it an address of this machine that all nodes of the swarm reach, with a port behind ":" where it must be a certain one.`,
  );
}
