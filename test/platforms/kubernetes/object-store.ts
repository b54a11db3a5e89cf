import { randomUUID } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** Kinds that are kept, by the name of their collection. */
export const COLLECTIONS = {
  namespaces: { apiVersion: "v1", kind: "Namespace" },
  pods: { apiVersion: "v1", kind: "Pod" },
  secrets: { apiVersion: "v1", kind: "Secret" },
  services: { apiVersion: "v1", kind: "Service" },
  events: { apiVersion: "v1", kind: "Event" },
  jobs: { apiVersion: "batch/v1", kind: "Job" },
} as const;
export type Collection = keyof typeof COLLECTIONS;

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface Metadata {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
}

/** An object as the API server keeps it. What its kind says stands in `spec`, `status` or `data`. */
export interface Stored {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface StoreEvent {
  readonly version: number;
  readonly collection: Collection;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Stored;
}

/**
 * Objects with the versions of etcd behind Kubernetes: one counter for all, a history that watches read and that may
 * be compacted. Every change is told to who listens, after it was made.
 */
export class ObjectStore {
  readonly #objects = new Map<string, Stored>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #history: StoreEvent[] = [];
  #version = 100;
  #compacted = 100;

  get version(): number {
    return this.#version;
  }

  /** History up to here is forgotten: to watch from before it answers 410. */
  get compacted(): number {
    return this.#compacted;
  }

  compact(): void {
    this.#compacted = this.#version;
    this.#history = [];
  }

  since(version: number): readonly StoreEvent[] {
    return this.#history.filter((event) => event.version > version);
  }

  listen(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  list(collection: Collection, namespace?: string): Stored[] {
    const start = `${collection}/${namespace === undefined ? "" : `${namespace}/`}`;
    return [...this.#objects].filter(([key]) => key.startsWith(start)).map(([, object]) => object);
  }

  find(collection: Collection, namespace: string, name: string): Stored | undefined {
    return this.#objects.get(`${collection}/${namespace}/${name}`);
  }

  get(collection: Collection, namespace: string, name: string): Stored {
    const found = this.find(collection, namespace, name);
    if (found) return found;
    throw new Refusal(404, "NotFound", `${collection} "${name}" not found`, { kind: collection, name });
  }

  create(
    collection: Collection,
    namespace: string,
    body: Omit<Stored, "metadata"> & { metadata: Partial<Metadata> & { generateName?: string } },
  ): Stored {
    const { generateName, ...metadata } = body.metadata;
    const name = metadata.name ?? `${generateName}${randomUUID().slice(0, 5)}`;
    if (this.find(collection, namespace, name)) {
      throw new Refusal(409, "AlreadyExists", `${collection} "${name}" already exists`, {
        kind: collection,
        name,
      });
    }
    const object = {
      ...structuredClone(body),
      metadata: {
        ...structuredClone(metadata),
        name,
        namespace,
        uid: randomUUID(),
        resourceVersion: "",
        creationTimestamp: now(),
      },
    } as Stored;
    return this.#keep("ADDED", collection, object);
  }

  /** Changes an object; one that is on its way out goes once nothing holds it. */
  update(collection: Collection, object: Stored, change: (draft: Stored) => void): Stored {
    const current = this.get(collection, object.metadata.namespace, object.metadata.name);
    const draft = structuredClone(current);
    change(draft);
    if (draft.metadata.deletionTimestamp && !draft.metadata.finalizers?.length && collection !== "pods") {
      return this.remove(collection, draft);
    }
    return this.#keep("MODIFIED", collection, draft);
  }

  remove(collection: Collection, object: Stored): Stored {
    const { namespace, name } = object.metadata;
    this.#objects.delete(`${collection}/${namespace}/${name}`);
    return this.#tell("DELETED", collection, structuredClone(object));
  }

  #keep(type: "ADDED" | "MODIFIED", collection: Collection, object: Stored): Stored {
    this.#objects.set(`${collection}/${object.metadata.namespace}/${object.metadata.name}`, object);
    return this.#tell(type, collection, object);
  }

  #tell(type: StoreEvent["type"], collection: Collection, object: Stored): Stored {
    this.#version++;
    object.metadata.resourceVersion = String(this.#version);
    const event = { version: this.#version, collection, type, object: structuredClone(object) };
    this.#history.push(event);
    for (const listener of [...this.#listeners]) listener(event);
    return object;
  }
}

/** Times of Kubernetes have whole seconds. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
