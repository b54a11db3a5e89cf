import { collectGarbage, deleteObject } from "./deletion.ts";
import { now, type ObjectStore, type Stored, type StoreEvent } from "./object-store.ts";

interface JobSpec {
  readonly suspend?: boolean;
  readonly activeDeadlineSeconds?: number;
  readonly backoffLimit?: number;
  readonly completions?: number;
  readonly parallelism?: number;
  readonly ttlSecondsAfterFinished?: number;
  readonly template: {
    readonly metadata?: Partial<Stored["metadata"]>;
    readonly spec: Record<string, unknown>;
  };
}

/**
 * Makes the pods of every Job and says how the Job ended; of Kubernetes' job controller what Jobs without tries of their
 * own need: the first pod that fails, or is deleted, ends the Job, and with it all its other pods. Garbage is collected behind every change.
 */
export class JobController {
  readonly #store: ObjectStore;
  readonly #deadlines = new Map<string, NodeJS.Timeout>();
  /** Makes pods only while it is true: a quota that is used up has none made. */
  makesPods = true;

  constructor(store: ObjectStore) {
    this.#store = store;
    store.listen((event) => queueMicrotask(() => this.#look(event)));
  }

  /** Deadlines need a clock: none is left when the server stops. */
  forgetDeadlines(): void {
    for (const timer of this.#deadlines.values()) clearTimeout(timer);
  }

  #look({ collection, object, type }: StoreEvent): void {
    collectGarbage(this.#store);
    if (collection === "jobs" && type !== "DELETED") this.#reconcile(object);
    if (collection !== "pods") return;
    const owner = object.metadata.ownerReferences?.find(({ kind }) => kind === "Job");
    const job = owner && this.#store.find("jobs", object.metadata.namespace, owner.name);
    if (job && job.metadata.uid === owner.uid) this.#reconcile(job, type === "DELETED" ? object : undefined);
  }

  #reconcile({ metadata }: Stored, lost?: Stored): void {
    const job = this.#store.find("jobs", metadata.namespace, metadata.name);
    if (!job || job.metadata.deletionTimestamp || hasEnded(job)) return;
    const spec = job.spec as unknown as JobSpec;
    const pods = this.#store
      .list("pods", metadata.namespace)
      .filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
    const inPhase = (phase: string) => pods.filter(({ status }) => status?.phase === phase).length;
    const { completions = 1, parallelism = 1 } = spec;
    if (lost || inPhase("Failed") > 0) {
      this.#end(job, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
      return this.#deletePods(job);
    }
    const succeeded = inPhase("Succeeded");
    if (succeeded >= completions) return this.#end(job, "Complete", "CompletionsReached", "");
    const missing = Math.min(parallelism, completions - succeeded) - (pods.length - succeeded);
    if (missing <= 0 || spec.suspend || !this.makesPods) return;
    for (let at = 0; at < missing; at++) this.#makePod(job, spec);
    if (this.#deadlines.has(job.metadata.uid)) return;
    const seconds = spec.activeDeadlineSeconds;
    if (seconds !== undefined)
      this.#deadlines.set(
        job.metadata.uid,
        setTimeout(() => this.expire(job), seconds * 1000),
      );
  }

  #makePod(job: Stored, { template }: JobSpec): void {
    const { name, namespace, uid } = job.metadata;
    if (!job.status?.startTime) {
      this.#store.update("jobs", job, (draft) => {
        draft.status = { active: 1, ready: 0, startTime: now() };
      });
    }
    this.#store.create("pods", namespace, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        generateName: `${name}-`,
        labels: {
          ...template.metadata?.labels,
          "batch.kubernetes.io/controller-uid": uid,
          "batch.kubernetes.io/job-name": name,
        },
        annotations: { ...template.metadata?.annotations },
        ownerReferences: [{ kind: "Job", name, uid, controller: true, blockOwnerDeletion: true }],
      },
      spec: template.spec,
      status: { phase: "Pending" },
    });
  }

  /** The Job ran into its `activeDeadlineSeconds`: its pods are deleted, then it has failed. */
  expire({ metadata }: Stored): void {
    const job = this.#store.find("jobs", metadata.namespace, metadata.name);
    if (!job || hasEnded(job)) return;
    this.#end(job, "Failed", "DeadlineExceeded", "Job was active longer than specified deadline");
    this.#deletePods(job);
  }

  #deletePods({ metadata }: Stored): void {
    for (const pod of this.#store.list("pods", metadata.namespace)) {
      const isActive = !["Succeeded", "Failed"].includes(String(pod.status?.phase));
      if (isActive && pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
        deleteObject(this.#store, "pods", pod);
    }
  }

  #end(job: Stored, type: "Complete" | "Failed", reason: string, message: string): void {
    clearTimeout(this.#deadlines.get(job.metadata.uid));
    this.#store.update("jobs", job, (draft) => {
      draft.status = {
        ...draft.status,
        active: 0,
        ...(type === "Complete" ? { succeeded: 1, completionTime: now() } : { failed: 1 }),
        conditions: [
          { type, status: "True", reason, message, lastTransitionTime: now(), lastProbeTime: now() },
        ],
      };
    });
  }
}

function hasEnded({ status }: Stored): boolean {
  const conditions = (status?.conditions ?? []) as readonly { type: string; status: string }[];
  return conditions.some(
    ({ type, status: holds }) => holds === "True" && ["Complete", "Failed"].includes(type),
  );
}
