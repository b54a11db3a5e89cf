import type { Plan, PlanTask } from "@scanflow/core";
import { servicesBefore } from "./services-before.ts";
import { instanceId, isTerminal, newTaskState, type TaskState } from "./state.ts";

/**
 * The plan's tasks as instances with their links. Outside maps an instance stands from the start; the instances
 * inside a map are made when the map is opened, and whatever waits for the map's whole output is linked to each.
 */
export class Instances {
  readonly plan: Plan;
  readonly states: TaskState[];
  /** How many upstream instances of each instance have not ended. */
  readonly waiting: number[] = [];
  readonly downstream: number[][] = [];
  /** How many instances have not ended. */
  left = 0;
  /** The instances that are services. */
  readonly services: number[] = [];
  readonly #positions = new Map<string, number>();
  readonly #byId = new Map<string, number>();
  /** Of each task, by position: the services before it. */
  readonly #servicesBefore: readonly (readonly number[])[];
  readonly #lookup = new Map<string, number>();
  /** Tasks whose innermost map is this one, in plan order. */
  readonly #inside = new Map<number, number[]>();
  /** Links to make for every item when a map instance opens. */
  readonly #pendingLinks = new Map<number, { upstream: number; instance: number }[]>();

  /** Builds on `states`, which it owns from then on. */
  constructor(plan: Plan, states: TaskState[]) {
    this.plan = plan;
    this.states = states;
    this.#servicesBefore = servicesBefore(plan);
    plan.tasks.forEach((task, position) => {
      this.#positions.set(task.id, position);
      const innermost = task.maps.at(-1);
      if (innermost === undefined) return;
      const map = this.position(innermost);
      const inside = this.#inside.get(map);
      if (inside) inside.push(position);
      else this.#inside.set(map, [position]);
    });
    if (states.length === 0) {
      plan.tasks.forEach((task, position) => {
        if (task.maps.length === 0) this.#add(newTaskState(task.id, position, []));
      });
    } else {
      for (const instance of states.keys()) this.#register(instance);
      for (const instance of states.keys()) this.#linkAll(instance);
    }
  }

  task(instance: number): PlanTask {
    return at(this.plan.tasks, this.state(instance).template);
  }

  state(instance: number): TaskState {
    return at(this.states, instance);
  }

  /** Position in the plan of a task id (with `[*]`). */
  position(taskId: string): number {
    const position = this.#positions.get(taskId);
    if (position === undefined) throw new Error(`the plan has no task "${taskId}"`);
    return position;
  }

  /** Instance of an instance id, or undefined. */
  find(id: string): number | undefined {
    return this.#byId.get(id);
  }

  /** Makes the instances inside a map instance, and the links that waited for it. */
  expand(map: number, items: number): number[] {
    const { template, index } = this.state(map);
    const made: number[] = [];
    for (let item = 0; item < items; item++) {
      for (const position of this.#inside.get(template) ?? []) {
        const inner = [...index, item];
        made.push(
          this.#add(newTaskState(instanceId(at(this.plan.tasks, position).id, inner), position, inner)),
        );
      }
    }
    const links = this.#pendingLinks.get(map) ?? [];
    this.#pendingLinks.delete(map);
    for (const { upstream, instance } of links) {
      for (let item = 0; item < items; item++) {
        this.#linkInside(upstream, instance, [...index, item]);
      }
    }
    return made;
  }

  /**
   * The instances of an upstream task as one instance sees them: its own counterpart where they share every map of
   * the upstream, else all, in order of their indices, with the map instances in between.
   */
  upstream(instance: number, taskId: string): Upstream {
    const position = this.position(taskId);
    const prefix = this.#sharedIndex(instance, position);
    if (prefix.length === at(this.plan.tasks, position).maps.length) {
      return { kind: "one", instance: this.#at(position, prefix) };
    }
    const maps: number[] = [];
    const instances: number[] = [];
    this.#collect(position, prefix, maps, instances);
    return { kind: "all", maps, instances };
  }

  /** The instances whose ids lie below a prefix such as `train/` or `train[`, seen from the same map items. */
  below(prefix: string): number[] {
    const found: number[] = [];
    this.states.forEach((state, instance) => {
      if (state.id.startsWith(prefix)) found.push(instance);
    });
    return found;
  }

  #add(state: TaskState): number {
    const instance = this.states.push(state) - 1;
    this.#register(instance);
    this.#linkAll(instance);
    return instance;
  }

  #register(instance: number): void {
    const { id, template, index, status } = this.state(instance);
    if (!isTerminal(status)) this.left += 1;
    if (this.task(instance).kind === "service") this.services.push(instance);
    this.waiting[instance] = 0;
    this.downstream[instance] = [];
    this.#byId.set(id, instance);
    this.#lookup.set(key(template, index), instance);
  }

  #linkAll(instance: number): void {
    if (isTerminal(this.state(instance).status)) return;
    const linked = new Set<number>();
    const direct = this.task(instance).upstreams.map((edge) => this.position(edge.task));
    // One that is started anew is waited for, however far before: its answers may be needed.
    for (const upstream of [...direct, ...at(this.#servicesBefore, this.state(instance).template)]) {
      if (linked.has(upstream)) continue;
      linked.add(upstream);
      this.#linkInside(upstream, instance, this.#sharedIndex(instance, upstream));
    }
  }

  #linkInside(upstream: number, instance: number, prefix: readonly number[]): void {
    const { maps } = at(this.plan.tasks, upstream);
    const mapId = maps[prefix.length];
    if (mapId === undefined) {
      this.#wait(this.#at(upstream, prefix), instance);
      return;
    }
    const map = this.#at(this.position(mapId), prefix);
    this.#wait(map, instance);
    const items = this.state(map).items;
    if (items) {
      for (let item = 0; item < items.length; item++) {
        this.#linkInside(upstream, instance, [...prefix, item]);
      }
      return;
    }
    const links = this.#pendingLinks.get(map);
    if (links) links.push({ upstream, instance });
    else this.#pendingLinks.set(map, [{ upstream, instance }]);
  }

  #wait(upstream: number, instance: number): void {
    if (isTerminal(this.state(upstream).status)) return;
    at(this.downstream, upstream).push(instance);
    this.waiting[instance] = at(this.waiting, instance) + 1;
  }

  #collect(position: number, prefix: readonly number[], maps: number[], instances: number[]): void {
    const mapId = at(this.plan.tasks, position).maps[prefix.length];
    if (mapId === undefined) {
      instances.push(this.#at(position, prefix));
      return;
    }
    const map = this.#at(this.position(mapId), prefix);
    maps.push(map);
    const count = this.state(map).items?.length ?? 0;
    for (let item = 0; item < count; item++) this.#collect(position, [...prefix, item], maps, instances);
  }

  #sharedIndex(instance: number, upstream: number): readonly number[] {
    const { template, index } = this.state(instance);
    const own = at(this.plan.tasks, template).maps;
    const theirs = at(this.plan.tasks, upstream).maps;
    let shared = 0;
    while (shared < own.length && shared < theirs.length && own[shared] === theirs[shared]) shared++;
    return index.slice(0, shared);
  }

  #at(position: number, index: readonly number[]): number {
    const instance = this.#lookup.get(key(position, index));
    if (instance === undefined) {
      throw new Error(`no instance of "${at(this.plan.tasks, position).id}" at [${index.join(", ")}]`);
    }
    return instance;
  }
}

export type Upstream =
  | { readonly kind: "one"; readonly instance: number }
  | { readonly kind: "all"; readonly maps: readonly number[]; readonly instances: readonly number[] };

function key(position: number, index: readonly number[]): string {
  return index.length === 0 ? String(position) : `${position}:${index.join(",")}`;
}

/** Reads a position that is known to exist. */
export function at<T>(list: readonly T[], position: number): T {
  const value = list[position];
  if (value === undefined) throw new RangeError(`no entry at ${position} of ${list.length}`);
  return value;
}
