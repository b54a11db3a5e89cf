import { isIP } from "node:net";
import { ScanflowError } from "@scanflow/core";

export interface KubernetesSettings {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  /** Where pods reach the gateway; undefined: at the address by which this machine reaches the cluster. */
  readonly gateway?: { readonly host: string; readonly port: number } | undefined;
  readonly pullSecrets: readonly string[];
}

/**
 * What the environment says of the cluster: SCANFLOW_KUBERNETES_CONTEXT, SCANFLOW_KUBERNETES_NAMESPACE,
 * SCANFLOW_KUBERNETES_GATEWAY (`host` or `host:port`) and SCANFLOW_KUBERNETES_PULL_SECRETS (names with commas between
 * them). Errors: SCANFLOW_KUBERNETES_CONFIG.
 */
export function kubernetesSettings(environment: NodeJS.ProcessEnv): KubernetesSettings {
  const {
    SCANFLOW_KUBERNETES_CONTEXT: context,
    SCANFLOW_KUBERNETES_NAMESPACE: namespace,
    SCANFLOW_KUBERNETES_GATEWAY: gateway,
    SCANFLOW_KUBERNETES_PULL_SECRETS: secrets = "",
  } = environment;
  return {
    context: context || undefined,
    namespace: namespace || undefined,
    gateway: gateway ? readGateway(gateway) : undefined,
    pullSecrets: secrets
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  };
}

function readGateway(text: string): { host: string; port: number } {
  const [, bracketed, plain, port = "0"] = /^(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? (isIP(text) === 6 ? text : undefined);
  if (host !== undefined && Number(port) < 65_536) return { host, port: Number(port) };
  throw new ScanflowError(
    "SCANFLOW_KUBERNETES_CONFIG",
    `The address of --gateway (or SCANFLOW_KUBERNETES_GATEWAY) is "${text}". Give it the host name or address at which pods reach this machine, with a port behind ":" where it must be a certain one.`,
  );
}
