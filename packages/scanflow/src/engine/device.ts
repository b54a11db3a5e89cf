import { existsSync, readdirSync } from "node:fs";
import { arch, availableParallelism, platform, totalmem } from "node:os";
import type { Capacity, Device } from "@scanflow/core";

/** Facts about this machine. `SCANFLOW_DEVICE_KIND` names its class. */
export function readDevice(env: NodeJS.ProcessEnv = process.env): Device {
  return {
    kind: env.SCANFLOW_DEVICE_KIND || `${platform()}-${arch()}`,
    cpus: availableParallelism(),
    memory: totalmem(),
    gpus: countGpus(),
    platform: platform(),
    arch: arch(),
  };
}

/** All of the machine. */
export function wholeDevice(device: Device): Capacity {
  return { cpu: device.cpus, memory: device.memory, gpu: device.gpus, tasks: 4096 };
}

/** Of other machines: the platform knows what they have, and has tasks wait. `tasks` bounds what is asked of it at once. */
export const clusterCapacity: Capacity = {
  cpu: 1_000_000,
  memory: Number.MAX_SAFE_INTEGER,
  gpu: 1_000_000,
  tasks: 1000,
};

/** NVIDIA's driver shows one file per card, `/dev/nvidia0` and on. */
function countGpus(): number {
  if (!existsSync("/dev/nvidiactl")) return 0;
  return readdirSync("/dev").filter((name) => /^nvidia\d+$/.test(name)).length;
}
