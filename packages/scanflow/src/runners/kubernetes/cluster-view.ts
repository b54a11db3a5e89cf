import { type Cluster, watch } from "../../kubernetes/index.ts";
import { jobNameLabel, ownerSelector } from "./names.ts";
import { type Job, type Pod, parseJob, parsePod } from "./pod.ts";

/** What is known of one attempt's objects. */
export interface AttemptView {
  readonly job: Job | undefined;
  /** The Job was there and is no more. */
  readonly jobGone: boolean;
  /** All pods that the Job has made, in that order: of a service one for each of its replicas. */
  readonly pods: readonly SeenPod[];
}

export interface SeenPod {
  readonly pod: Pod;
  /** It was there and is no more; `pod` is how it was. */
  readonly gone: boolean;
}

const nothing: AttemptView = { job: undefined, jobGone: false, pods: [] };

export interface Follower {
  /** Told of every change, with all that is known. */
  readonly changed: (view: AttemptView) => void;
  /** All Jobs that there are have been told, and this one's is none of them. */
  readonly absent: () => void;
  /** The cluster does not answer; it is asked again. */
  readonly troubled: (error: unknown) => void;
  /** Nothing more will be told. */
  readonly failed: (error: unknown) => void;
}

/** The Jobs and pods of one owner as they are now: two watches for all attempts. */
export class ClusterView {
  readonly #cluster: Cluster;
  readonly #owner: string;
  readonly #stop = new AbortController();
  readonly #known = new Map<string, AttemptView>();
  readonly #followers = new Map<string, Follower>();
  #watching: Promise<unknown> | undefined;

  constructor(cluster: Cluster, owner: string) {
    this.#cluster = cluster;
    this.#owner = owner;
  }

  /** Follows the objects of a Job's name until the returned function is called. */
  follow(name: string, follower: Follower): () => void {
    this.#watching ??= this.#watch();
    this.#followers.set(name, follower);
    const known = this.#known.get(name);
    if (known) follower.changed(known);
    return () => {
      this.#followers.delete(name);
      this.#known.delete(name);
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    // When one of the two fails, the other ends, too.
    const failed = new AbortController();
    const shared = {
      labelSelector: ownerSelector(this.#owner),
      signal: AbortSignal.any([this.#stop.signal, failed.signal]),
      troubled: (error: unknown) => {
        for (const follower of this.#followers.values()) follower.troubled(error);
      },
    };
    const { connection } = this.#cluster;
    const watches = [
      watch<Job>(connection, {
        ...shared,
        path: this.#cluster.path("batch/v1", "jobs"),
        synced: () => this.#tellAbsent(),
        parse: parseJob,
        changed: (job, jobGone) => this.#tell(job.metadata.name, { job, jobGone }),
      }),
      watch<Pod>(connection, {
        ...shared,
        path: this.#cluster.path("v1", "pods"),
        synced: () => {},
        parse: parsePod,
        changed: (pod, gone) => this.#tellPod(pod, gone),
      }),
    ];
    await Promise.all(watches).catch((error: unknown) => {
      failed.abort();
      this.#watching = undefined;
      for (const follower of this.#followers.values()) follower.failed(error);
    });
  }

  /** Of a Job that came and went between two lists nothing else is heard. */
  #tellAbsent(): void {
    for (const [name, follower] of this.#followers) {
      if (this.#known.get(name)?.job === undefined) follower.absent();
    }
  }

  #tellPod(pod: Pod, gone: boolean): void {
    const labels = pod.metadata.labels ?? {};
    const name = labels[jobNameLabel];
    if (name === undefined) return;
    const seen = { pod, gone };
    const before = this.#known.get(name)?.pods ?? [];
    const at = before.findIndex((one) => one.pod.metadata.uid === pod.metadata.uid);
    this.#tell(name, { pods: at === -1 ? [...before, seen] : before.with(at, seen) });
  }

  #tell(name: string, news: Partial<AttemptView>): void {
    const follower = this.#followers.get(name);
    const view = { ...(this.#known.get(name) ?? nothing), ...news };
    if (follower || !view.jobGone) this.#known.set(name, view);
    else this.#known.delete(name);
    follower?.changed(view);
  }
}
