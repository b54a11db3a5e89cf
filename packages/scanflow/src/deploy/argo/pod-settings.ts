import type { WorkTask } from "@scanflow/core";
import type { Manifest } from "./build.ts";

/** What a task asks of a machine. Counts of graphics cards are texts, as all quantities are. */
export function limits({ resources: { cpu, memory, gpu, storage } }: WorkTask): Manifest {
  const asked = {
    cpu: cpu < 1 || !Number.isInteger(cpu) ? `${Math.round(cpu * 1000)}m` : String(cpu),
    ...(memory > 0 && { memory: String(memory) }),
    ...(storage > 0 && { "ephemeral-storage": String(storage) }),
  };
  const bound = {
    ...(memory > 0 && { memory: String(memory) }),
    ...(gpu > 0 && { "nvidia.com/gpu": String(gpu) }),
  };
  return { requests: asked, ...(Object.keys(bound).length > 0 && { limits: bound }) };
}

/** Tries after the first, with delays that grow; Argo draws no jitter. */
export function retryStrategy({ retry: { limit, delayMs, factor, maxDelayMs } }: WorkTask): Manifest {
  if (limit === 0) return {};
  const growing =
    factor === 1 ? {} : { factor: String(Math.max(1, Math.round(factor))), cap: seconds(maxDelayMs) };
  return {
    retryStrategy: {
      limit: String(limit),
      retryPolicy: "Always",
      ...(delayMs > 0 && { backoff: { duration: seconds(delayMs), ...growing } }),
    },
  };
}

/** How long an attempt may take, and how long it may wait for its start. */
export function timeouts({ timeout: { startMs, runMs } }: WorkTask): Manifest {
  return {
    ...(runMs !== null && { activeDeadlineSeconds: String(Math.max(1, Math.ceil(runMs / 1000))) }),
    ...(startMs !== null && { pendingTimeout: seconds(startMs) }),
  };
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1000))}s`;
}

/** Where a task may run. */
export function placement({
  placement: { labels, tolerations, affinity, serviceAccount },
}: WorkTask): Manifest {
  const borne = tolerations.map(({ key, value, effect }) => ({
    ...(key !== null && { key }),
    operator: value === null ? "Exists" : "Equal",
    ...(value !== null && { value }),
    ...(effect !== null && { effect }),
  }));
  return {
    ...(Object.keys(labels).length > 0 && { nodeSelector: labels }),
    ...(borne.length > 0 && { tolerations: borne }),
    ...(affinity !== null && { affinity }),
    ...(serviceAccount !== null && { serviceAccountName: serviceAccount }),
  };
}
