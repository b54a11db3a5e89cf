import { resolve } from "node:path";
import { z } from "zod";
import type { OwnerOptions } from "../server/index.ts";

/** Options of where tasks run on other machines; each stands for variables of the same meaning. */
export const clusterOptions = {
  namespace: z.string().min(1).optional(),
  context: z.string().min(1).optional(),
  gateway: z.string().min(1).optional(),
  registry: z.string().min(1).optional(),
};

type ClusterOptions = z.output<z.ZodObject<typeof clusterOptions>>;

/** What options say that only the owner can set: of the machine, where tasks run, and where its events go. */
export function ownerOptions({
  device: kind,
  cpus,
  openlineage,
  on,
  ...cluster
}: {
  readonly device?: string | undefined;
  readonly cpus?: number | undefined;
  readonly openlineage?: string | undefined;
  readonly on?: string | undefined;
} & ClusterOptions): Pick<OwnerOptions, "device" | "capacity" | "openLineage" | "on" | "variables"> {
  const variables = variablesOf(cluster);
  return {
    ...(kind === undefined ? {} : { device: { kind } }),
    ...(cpus === undefined ? {} : { capacity: { cpu: cpus } }),
    ...(openlineage === undefined ? {} : { openLineage: placeOf(openlineage) }),
    ...(on === undefined ? {} : { on }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  };
}

function variablesOf({ namespace, context, gateway, registry }: ClusterOptions): Record<string, string> {
  return {
    ...(namespace === undefined ? {} : { SCANFLOW_KUBERNETES_NAMESPACE: namespace }),
    ...(context === undefined ? {} : { SCANFLOW_KUBERNETES_CONTEXT: context }),
    ...(gateway === undefined ? {} : { SCANFLOW_GATEWAY: gateway, SCANFLOW_KUBERNETES_GATEWAY: gateway }),
    ...(registry === undefined ? {} : { SCANFLOW_REGISTRY: registry }),
  };
}

/** A path is relative to where the command was called. */
function placeOf(text: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : resolve(text);
}
