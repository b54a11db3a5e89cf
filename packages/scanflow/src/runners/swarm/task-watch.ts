import {
  type Docker,
  hasStatus,
  listNodes,
  listTasks,
  type SwarmNode,
  type SwarmTask,
  servicesThere,
} from "../../docker/index.ts";

/** A container of a service, and the node that it is on. */
export interface Sighting {
  readonly task: SwarmTask;
  readonly node: SwarmNode | undefined;
}

/** What is told of a service whenever it is looked at: all that Swarm has of it, the newest first. */
export interface Follower {
  saw(sightings: readonly Sighting[]): void;
  /** Somebody else removed it. */
  gone(): void;
  troubled(error: unknown): void;
}

const everyMs = 500;
/** Nodes change seldom, and a manager takes 15 seconds to find one lost. */
const nodesEveryMs = 3000;

/**
 * Looks at the tasks of all services that are followed, in one call for all: Swarm has no events for what becomes of
 * tasks (moby: daemon/cluster/listen). What goes well is heard of earlier, from the shim itself.
 */
export class TaskWatch {
  readonly #docker: Docker;
  readonly #followers = new Map<string, Follower>();
  #nodes: ReadonlyMap<string, SwarmNode> = new Map();
  #nodesAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Tells of a service, by its id, until the returned function is called. */
  follow(service: string, follower: Follower): () => void {
    this.#followers.set(service, follower);
    this.#plan(0);
    return () => {
      this.#followers.delete(service);
      if (this.#followers.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #plan(delayMs: number): void {
    if (this.#looking || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#look(), delayMs);
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#looking = true;
    const asked = [...this.#followers.keys()];
    try {
      const tasks = await this.#tasksOf(asked).catch((error: unknown) => this.#tasksOfOthers(asked, error));
      await this.#lookAtNodes(tasks);
      const newestFirst = tasks.toSorted((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1));
      for (const service of asked) {
        const own = newestFirst.filter(({ ServiceID }) => ServiceID === service);
        this.#followers
          .get(service)
          ?.saw(own.map((task) => ({ task, node: this.#nodes.get(task.NodeID ?? "") })));
      }
    } catch (error) {
      for (const service of asked) this.#followers.get(service)?.troubled(error);
    } finally {
      this.#looking = false;
      if (this.#followers.size > 0) this.#plan(everyMs);
    }
  }

  async #tasksOf(services: readonly string[]): Promise<readonly SwarmTask[]> {
    // Without a name the swarm would answer of all.
    return services.length === 0 ? [] : listTasks(this.#docker, { service: services });
  }

  /** For one that is not there any more the swarm tells of none: the others are asked for without it. */
  async #tasksOfOthers(services: readonly string[], error: unknown): Promise<readonly SwarmTask[]> {
    if (!hasStatus(error, 404)) throw error;
    const there = await servicesThere(this.#docker, services);
    for (const service of services) if (!there.includes(service)) this.#followers.get(service)?.gone();
    return this.#tasksOf(there);
  }

  async #lookAtNodes(tasks: readonly SwarmTask[]): Promise<void> {
    const isNew = tasks.some(({ NodeID }) => NodeID && !this.#nodes.has(NodeID));
    if (!isNew && Date.now() - this.#nodesAt < nodesEveryMs) return;
    this.#nodes = new Map((await listNodes(this.#docker)).map((node) => [node.ID, node]));
    this.#nodesAt = Date.now();
  }
}
