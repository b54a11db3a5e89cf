import type { WorkTask } from "@scanflow/core";

/** What a container is sure to have, and all that it gets. A GPU is a generic resource that its node advertises. */
export function resourcesOf({ resources: { cpu, memory, gpu } }: WorkTask): {
  readonly resources?: Readonly<Record<string, unknown>>;
} {
  const amounts = {
    ...(cpu > 0 && { cpus: String(cpu) }),
    ...(memory > 0 && { memory: `${memory}b` }),
  };
  const generic = gpu > 0 && {
    generic_resources: [{ discrete_resource_spec: { kind: gpuKind, value: gpu } }],
  };
  if (Object.keys(amounts).length === 0 && !generic) return {};
  return { resources: { limits: amounts, reservations: { ...amounts, ...generic } } };
}

/** What nodes call their GPUs: `dockerd --node-generic-resource NVIDIA-GPU=UUID`. */
export const gpuKind = "NVIDIA-GPU";
