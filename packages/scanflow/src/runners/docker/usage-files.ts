import { readFileSync } from "node:fs";
import type { Usage } from "@scanflow/core";
import { usageUnknown } from "../process/usage-sampler.ts";

const firstMs = 20;
const longestMs = 250;

/** Where the kernel keeps the figures of a container, by how the daemon arranges them (cgroups v1 and v2). */
function foldersOf(id: string): { readonly v1: readonly string[]; readonly v2: readonly string[] } {
  const groups = [`docker/${id}`, `system.slice/docker-${id}.scope`];
  return { v1: groups, v2: groups };
}

/**
 * Measures what a container uses, from the files of its control group, where they are this machine's: first after 20 ms,
 * then each time its age has grown by a twentieth, at most every 250 ms. The figures go with the container, so what it
 * did since the last look is missed. Elsewhere nothing is known.
 */
export class ContainerUsage {
  readonly #id: string;
  readonly #begun = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #cpuMs: number | null = null;
  #peakMemory: number | null = null;

  constructor(id: string) {
    this.#id = id;
    this.#later();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  get usage(): Usage {
    return { ...usageUnknown, cpuMs: this.#cpuMs, peakMemory: this.#peakMemory };
  }

  #later(): void {
    const age = performance.now() - this.#begun;
    const delayMs = Math.min(Math.max(age / 20, firstMs), longestMs);
    this.#timer = setTimeout(() => this.#look(), delayMs).unref();
  }

  #look(): void {
    const { v1, v2 } = foldersOf(this.#id);
    for (const group of v1) {
      this.#take(
        nanoseconds(`/sys/fs/cgroup/cpuacct/${group}/cpuacct.usage`),
        number(`/sys/fs/cgroup/memory/${group}/memory.max_usage_in_bytes`),
      );
    }
    for (const group of v2) {
      const peak = number(`/sys/fs/cgroup/${group}/memory.peak`);
      this.#take(
        microseconds(`/sys/fs/cgroup/${group}/cpu.stat`),
        peak ?? number(`/sys/fs/cgroup/${group}/memory.current`),
      );
    }
    this.#later();
  }

  #take(cpuMs: number | null, memory: number | null): void {
    if (cpuMs !== null) this.#cpuMs = Math.max(this.#cpuMs ?? 0, cpuMs);
    if (memory !== null) this.#peakMemory = Math.max(this.#peakMemory ?? 0, memory);
  }
}

function nanoseconds(path: string): number | null {
  const value = number(path);
  return value === null ? null : value / 1e6;
}

function microseconds(path: string): number | null {
  const found = /^usage_usec (\d+)/m.exec(read(path));
  return found ? Number(found[1]) / 1000 : null;
}

function number(path: string): number | null {
  const text = read(path).trim();
  return text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Of containers that ran side by side. */
export function sumOf(usages: readonly ContainerUsage[]): Usage {
  const all = usages.map(({ usage }) => usage);
  const cpuMs = sum(all.map((one) => one.cpuMs));
  return { ...usageUnknown, cpuMs, peakMemory: sum(all.map((one) => one.peakMemory)) };
}

/** Of what is known; null when nothing is. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value);
}
