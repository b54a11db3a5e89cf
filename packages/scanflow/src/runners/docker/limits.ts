import type { Resources } from "@scanflow/core";
import type { HostSettings } from "../../docker/index.ts";

/** The least that the daemon accepts (moby: daemon/daemon_unix.go). */
const leastMemory = 6 * 1024 * 1024;
const leastCpu = 0.01;

/** A task that starts thousands of processes is one that has gone wrong. */
const mostProcesses = 4096;

/** Shared memory, which the loaders of data of deep-learning libraries pass their batches through; Docker's default is 64 MiB. */
const sharedMemory = 1024 ** 3;

/** What a container may use. `cpus`: those of the daemon's machine, which refuses to promise more. */
export function limitsOf(resources: Resources | undefined, cpus: number): HostSettings {
  const { cpu = 0, memory = 0, gpu = 0 } = resources ?? {};
  const most = Math.max(memory, leastMemory);
  return {
    PidsLimit: mostProcesses,
    ShmSize: memory === 0 ? sharedMemory : Math.min(most, sharedMemory),
    ...(cpu > 0 && { NanoCpus: Math.round(Math.min(Math.max(cpu, leastCpu), cpus) * 1e9) }),
    // Both the same: nothing goes to swap.
    ...(memory > 0 && { Memory: most, MemorySwap: most }),
    ...(gpu > 0 && { DeviceRequests: [{ Driver: "", Count: Math.ceil(gpu), Capabilities: [["gpu"]] }] }),
  };
}
