import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { ScanflowError } from "@scanflow/core";

const account = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * The settings by which kubectl would find its cluster: what `KUBECONFIG` names, else `~/.kube/config`, else the
 * service account of the pod that this runs in. Throws `SCANFLOW_KUBERNETES_CONFIG` and `SCANFLOW_KUBERNETES_MISSING`.
 */
export async function readKubeConfig(environment: NodeJS.ProcessEnv): Promise<KubeConfig> {
  const { KubeConfig } = await loadLibrary();
  const { KUBECONFIG, HOME = "" } = environment;
  const named = KUBECONFIG ? KUBECONFIG.split(delimiter).filter(Boolean) : [join(HOME, ".kube", "config")];
  const files = named.filter((file) => existsSync(file));
  const config = new KubeConfig();
  if (files.length === 0 && environment.KUBERNETES_SERVICE_HOST && existsSync(account)) {
    config.loadFromCluster();
    return config;
  }
  if (files.length === 0) {
    throw configError(
      `There is no kubeconfig (looked for ${named.join(", ")}), and this is no pod with a service account. Name a kubeconfig in KUBECONFIG.`,
    );
  }
  for (const file of files) merge(config, readFile(new KubeConfig(), file));
  return config;
}

export function configError(message: string, cause?: unknown): ScanflowError {
  return new ScanflowError("SCANFLOW_KUBERNETES_CONFIG", message, { cause });
}

async function loadLibrary(): Promise<typeof import("@kubernetes/client-node")> {
  return import("@kubernetes/client-node").catch((cause: unknown) => {
    throw new ScanflowError(
      "SCANFLOW_KUBERNETES_MISSING",
      'The package "@kubernetes/client-node", which finds and logs in to clusters, is not installed. Install it beside scanflow: npm install @kubernetes/client-node',
      { cause },
    );
  });
}

function readFile(config: KubeConfig, file: string): KubeConfig {
  try {
    config.loadFromFile(file);
    return config;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw configError(
      `The kubeconfig ${file} cannot be read: ${what.replaceAll(/\s*\n\s*/g, " ")}. Correct the file, or name another in KUBECONFIG.`,
      cause,
    );
  }
}

/** Of two parts of one name, the one of the file that is named first counts, as with kubectl; the library refuses them. */
function merge(into: KubeConfig, from: KubeConfig): void {
  into.currentContext ||= from.currentContext;
  into.clusters = firstOfName([...into.clusters, ...from.clusters]);
  into.users = firstOfName([...into.users, ...from.users]);
  into.contexts = firstOfName([...into.contexts, ...from.contexts]);
}

function firstOfName<Part extends { readonly name: string }>(parts: readonly Part[]): Part[] {
  return parts.filter(({ name }, at) => parts.findIndex((part) => part.name === name) === at);
}
