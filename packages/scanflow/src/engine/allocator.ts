import type { Capacity, Resources } from "@scanflow/core";

/**
 * Hands out the machine's resources to tasks of all runs, in the order they asked. A task that does not fit yet is
 * passed by smaller ones, but not for ever: after `patience` passes everybody waits for it.
 */
export class Allocator {
  readonly capacity: Capacity;
  readonly #patience: number;
  readonly #held = new Map<string, Waiting>();
  readonly #counts = new Map<string, number>();
  readonly #queue = new Map<string, Waiting>();
  #cpu: number;
  #memory: number;
  #gpu: number;

  constructor(capacity: Capacity, patience = 64) {
    this.capacity = capacity;
    this.#patience = patience;
    this.#cpu = capacity.cpu;
    this.#memory = capacity.memory;
    this.#gpu = capacity.gpu;
  }

  /** What makes it impossible ever to grant these, or null. */
  impossible(resources: Resources): string | null {
    const { capacity } = this;
    if (resources.cpu > capacity.cpu) return `it asks for ${resources.cpu} cpu of ${capacity.cpu}`;
    if (resources.gpu > capacity.gpu) return `it asks for ${resources.gpu} gpu of ${capacity.gpu}`;
    if (resources.memory > capacity.memory) {
      return `it asks for ${resources.memory} bytes of memory of ${capacity.memory}`;
    }
    return null;
  }

  /** Calls `grant` once the resources are there, at once or later. */
  request(id: string, resources: Resources, grant: () => void, limits: readonly Limit[] = []): void {
    if (this.#queue.has(id) || this.#held.has(id)) throw new Error(`"${id}" asks for resources twice`);
    this.#queue.set(id, { resources, grant, limits, passed: 0 });
    if (this.#queue.size === 1 || this.#fits(resources)) this.#serve();
  }

  /** Gives back what was held, or withdraws a request. */
  release(id: string): void {
    if (this.#queue.delete(id)) return;
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    const { resources, limits } = held;
    for (const { name } of limits) this.#count(name, -1);
    this.#cpu += resources.cpu;
    this.#memory += resources.memory;
    this.#gpu += resources.gpu;
    this.#serve();
  }

  #serve(): void {
    const passed: Waiting[] = [];
    for (const [id, waiting] of this.#queue) {
      if (this.#held.size >= this.capacity.tasks || this.#cpu < 1e-9) break;
      if (waiting.limits.some(({ name, most }) => (this.#counts.get(name) ?? 0) >= most)) continue;
      if (!this.#fits(waiting.resources)) {
        if (waiting.passed >= this.#patience) break;
        passed.push(waiting);
        continue;
      }
      this.#queue.delete(id);
      this.#held.set(id, waiting);
      for (const { name } of waiting.limits) this.#count(name, 1);
      this.#cpu -= waiting.resources.cpu;
      this.#memory -= waiting.resources.memory;
      this.#gpu -= waiting.resources.gpu;
      for (const one of passed) one.passed += 1;
      waiting.grant();
    }
  }

  #count(name: string, change: number): void {
    const count = (this.#counts.get(name) ?? 0) + change;
    if (count > 0) this.#counts.set(name, count);
    else this.#counts.delete(name);
  }

  /** Sums of fractions drift: a billionth of a core decides nothing. */
  #fits(resources: Resources): boolean {
    return (
      this.#held.size < this.capacity.tasks &&
      resources.cpu <= this.#cpu + 1e-9 &&
      resources.memory <= this.#memory &&
      resources.gpu <= this.#gpu
    );
  }
}

/** At most so many under this name at once, such as the instances of a map. */
export interface Limit {
  readonly name: string;
  readonly most: number;
}

interface Waiting {
  readonly resources: Resources;
  readonly limits: readonly Limit[];
  readonly grant: () => void;
  passed: number;
}
