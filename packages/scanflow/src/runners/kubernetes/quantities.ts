import type { Resources } from "@scanflow/core";

/** Resources as Kubernetes writes them. */
export type Limits = Record<string, string>;

/** What fetching and publishing may take. Artifacts are streamed, so it does not grow with them. */
export const shimLimits: Limits = { cpu: "1", memory: "512Mi" };

/** What attending may take. It is there as long as the command, beside what that asks for. */
export const attendLimits: Limits = { cpu: "250m", memory: "256Mi" };

/** What a task asks for is what it is promised and the most it gets, as on the other platforms. */
export function limitsOf({ cpu, memory, gpu, storage }: Resources): Limits {
  return {
    ...(cpu > 0 && { cpu: `${Math.ceil(cpu * 1000)}m` }),
    ...(memory > 0 && { memory: String(memory) }),
    ...(gpu > 0 && { "nvidia.com/gpu": String(gpu) }),
    ...(storage > 0 && { "ephemeral-storage": String(storage) }),
  };
}
