import { type Collection, now, type ObjectStore, type Stored } from "./object-store.ts";

const foreground = "foregroundDeletion";
const usualGrace = 30;
/** What Jobs own here. */
const dependents = ["pods", "secrets", "services"] as const;

/**
 * What DELETE does: a pod that a node runs is asked to end and goes when it has; another object goes at once, before
 * its dependents (Background) or after those that block it (Foreground). Sources: Kubernetes, "Garbage collection"
 * and "Pod lifecycle".
 */
export function deleteObject(
  store: ObjectStore,
  collection: Collection,
  object: Stored,
  propagation = "Background",
): Stored {
  if (object.metadata.deletionTimestamp) return object;
  if (collection === "pods") return deletePod(store, object);
  if (propagation === "Foreground" && dependentsOf(store, object).length > 0) {
    return store.update(collection, object, ({ metadata }) => {
      metadata.deletionTimestamp = now();
      metadata.finalizers = [...(metadata.finalizers ?? []), foreground];
    });
  }
  return store.remove(collection, object);
}

function deletePod(store: ObjectStore, pod: Stored): Stored {
  const runs =
    pod.spec?.nodeName !== undefined && !["Succeeded", "Failed"].includes(String(pod.status?.phase));
  if (!runs) return store.remove("pods", pod);
  return store.update("pods", pod, ({ metadata, spec }) => {
    metadata.deletionTimestamp = now();
    metadata.deletionGracePeriodSeconds = Number(spec?.terminationGracePeriodSeconds ?? usualGrace);
  });
}

/** Removes what has lost its owner, and lets go of owners whose dependents are gone. */
export function collectGarbage(store: ObjectStore): void {
  const uids = new Set(store.list("jobs").map(({ metadata }) => metadata.uid));
  for (const collection of dependents) {
    for (const object of store.list(collection)) {
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.length > 0 && owners.every(({ uid }) => !uids.has(uid)))
        deleteObject(store, collection, object);
    }
  }
  for (const job of store.list("jobs")) {
    if (!job.metadata.finalizers?.includes(foreground)) continue;
    const left = dependentsOf(store, job);
    for (const [collection, object] of left) deleteObject(store, collection, object);
    if (dependentsOf(store, job).some(([, { metadata }]) => blocks(metadata, job))) continue;
    store.update("jobs", job, ({ metadata }) => {
      metadata.finalizers = metadata.finalizers?.filter((name) => name !== foreground) ?? [];
    });
  }
}

function blocks({ ownerReferences = [] }: Stored["metadata"], owner: Stored): boolean {
  return ownerReferences.some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion,
  );
}

function dependentsOf(store: ObjectStore, owner: Stored): [Collection, Stored][] {
  return dependents.flatMap((collection) =>
    store
      .list(collection, owner.metadata.namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid))
      .map((object): [Collection, Stored] => [collection, object]),
  );
}
