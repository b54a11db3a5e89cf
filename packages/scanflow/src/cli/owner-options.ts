import { resolve } from "node:path";
import type { OwnerOptions } from "../server/index.ts";

/** What options say that only the owner can set: of the machine, where tasks run, and where its events go. */
export function ownerOptions({
  device: kind,
  cpus,
  openlineage,
  on,
  namespace,
  context,
}: {
  readonly device?: string | undefined;
  readonly cpus?: number | undefined;
  readonly openlineage?: string | undefined;
  readonly on?: string | undefined;
  readonly namespace?: string | undefined;
  readonly context?: string | undefined;
}): Pick<OwnerOptions, "device" | "capacity" | "openLineage" | "on" | "variables"> {
  const variables = {
    ...(namespace === undefined ? {} : { SCANFLOW_KUBERNETES_NAMESPACE: namespace }),
    ...(context === undefined ? {} : { SCANFLOW_KUBERNETES_CONTEXT: context }),
  };
  return {
    ...(kind === undefined ? {} : { device: { kind } }),
    ...(cpus === undefined ? {} : { capacity: { cpu: cpus } }),
    ...(openlineage === undefined ? {} : { openLineage: placeOf(openlineage) }),
    ...(on === undefined ? {} : { on }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  };
}

/** A path is relative to where the command was called. */
function placeOf(text: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : resolve(text);
}
