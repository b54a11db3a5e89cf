import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, isPassing } from "../../kubernetes/index.ts";
import { exitOf } from "../docker/container-exit.ts";
import type { OfferedAttempt } from "../gateway.ts";
import { type Stop, serviceEnded, stopOf } from "../outcome.ts";
import { deleteJob, findJob, findPods, patiently } from "./attempt-objects.ts";
import type { AttemptView, ClusterView, SeenPod } from "./cluster-view.ts";
import { endingOf, hasFailed, ownExit } from "./ending.ts";
import { endingContext } from "./ending-context.ts";
import { containerOf, imageOf, isOver, jobEnd, type Pod } from "./pod.ts";
import { PodOutputs } from "./pod-outputs.ts";
import { reclaimJob } from "./reclaim.ts";
import { decisive, lackReason, renewed } from "./replicas.ts";
import { Standing } from "./standing.ts";
import { waitOf } from "./waits.ts";

export interface PodAttemptOptions {
  readonly cluster: Cluster;
  readonly view: ClusterView;
  readonly name: string;
  readonly task: string;
  readonly memory: number;
  readonly offered: OfferedAttempt;
  /** How many pods a service has; 0: it is none. */
  readonly replicas: number;
  /** Whole lines of the command's output that an earlier owner has kept already. */
  readonly linesKept: number;
  /** How long the cluster may take to end what was deleted. */
  readonly goneMs?: number;
  /** How long a Job may be without a pod before the log says so. */
  readonly podlessMs?: number;
  /** How long a service may run without an answer before the log says so. */
  readonly silentMs?: number;
}

const usualGoneMs = 60_000;
const usualPodlessMs = 30_000;
/** Between two tries to delete a Job. */
const againMs = 1000;

/**
 * One attempt while it is in the cluster: what its Job and pod come to is told to the gateway's side of it, which knows
 * what was handed in. `end` resolves when nothing more is to be told.
 */
export class PodAttempt {
  readonly #options: PodAttemptOptions;
  readonly #stop = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #log: ReturnType<OfferedAttempt["log"]>;
  #unfollow: () => void = () => {};
  readonly #outputs: PodOutputs;
  /** Not looked at yet. */
  #latest: AttemptView | undefined;
  #pods: readonly SeenPod[] = [];
  /** Of a service alone. */
  readonly #standing: Standing | undefined;
  #image: string | undefined;
  #looking = false;
  #said = "";
  #stopping: Stop | undefined;
  /** Runs while the pod is being deleted by others than us. */
  #leaving: NodeJS.Timeout | undefined;
  /** Runs from the Job's making on, until it has a pod. */
  #podless: NodeJS.Timeout | undefined;
  #over = false;
  /** The Job was there once. */
  #made = false;
  /** Something was told of it: its end will be, too. */
  #heard = false;

  constructor(options: PodAttemptOptions) {
    this.#options = options;
    this.#log = options.offered.log();
    if (options.replicas > 0)
      this.#standing = new Standing({ ...options, note: (words) => this.note(words) });
    this.#outputs = new PodOutputs({
      ...options,
      signal: this.#stop.signal,
      runs: (uid) => this.#runs(uid),
      troubled: (error) => this.note(`the rest of its output cannot be read: ${messageOf(error)}`),
    });
  }

  /** Begins to watch: before there is anything, so that nothing is missed. */
  follow(): void {
    this.#unfollow = this.#options.view.follow(this.#options.name, {
      changed: (latest) => this.#changed(latest),
      absent: () => this.#expectJob(),
      troubled: (error) => this.note(`the cluster does not answer and is asked again: ${messageOf(error)}`),
      failed: (error) => this.#gone(stopOf(error, this.#options.task)),
    });
  }

  /** What its command ran in, as the node names it; undefined until that is known. */
  get image(): string | undefined {
    return this.#image;
  }

  /**
   * Watches until the attempt has ended, whoever ends it; then its Job, which is there by now, is removed. `url`: where
   * its Service has a service asked.
   */
  async run(url?: string): Promise<void> {
    const { name, offered, cluster, replicas, goneMs = usualGoneMs } = this.#options;
    this.#made = true;
    if (url !== undefined) this.#standing?.at(url);
    this.#expectJob();
    const forget = offered.onStop((reason) => void this.#end(reason));
    this.#podless = setTimeout(() => this.#tellPodless(), this.#options.podlessMs ?? usualPodlessMs);
    await Promise.race([offered.done, this.#ended.promise]);
    forget();
    this.leave();
    if (this.#stopping) return;
    // With one replica the others end.
    const removed = replicas > 1 ? reclaimJob(cluster, name, goneMs) : deleteJob(cluster, name, "Background");
    await removed.catch(() => undefined);
  }

  /** Watches no longer. */
  leave(): void {
    this.#unfollow();
    clearTimeout(this.#leaving);
    clearTimeout(this.#podless);
    this.#standing?.leave();
    this.#over = true;
    this.#stop.abort();
    this.#log.end();
  }

  note(words: string): void {
    if (words === this.#said || this.#over) return;
    this.#said = words;
    this.#log.write(Buffer.from(`[scanflow] ${words}\n`));
  }

  /** Changes come faster than they are looked at: only the newest counts. */
  #changed(latest: AttemptView): void {
    this.#heard = true;
    this.#latest = latest;
    if (latest.pods.length > 0) this.#pods = latest.pods;
    if (this.#looking) return;
    this.#looking = true;
    void this.#lookAll().catch((error: unknown) => this.#gone(stopOf(error, this.#options.task)));
  }

  async #lookAll(): Promise<void> {
    while (this.#latest && !this.#over) {
      const view = this.#latest;
      this.#latest = undefined;
      await this.#look(view);
    }
    this.#looking = false;
  }

  async #look(view: AttemptView): Promise<void> {
    const { job } = view;
    const pods = await this.#podsOf(view);
    const first = decisive(pods);
    const pod = first?.pod;
    const lost = view.jobGone || first?.gone === true;
    if (this.#stopping) {
      if (view.jobGone) this.#gone(this.#stopping);
      return;
    }
    for (const one of pods) this.#tellStart(one.pod);
    this.#standing?.look(pods);
    if (pod?.metadata.deletionTimestamp && !lost) this.#expectEnd(pod);
    for (const { pod: one } of lost ? [] : pods) {
      const wait = isOver(one) ? undefined : waitOf(one, this.#options.task);
      if (wait) this.note(wait.words);
      if (wait?.stop) return this.#end(wait.stop);
    }
    // However it ended: who attends it need not wait any longer.
    if (pod && hasFailed(pod)) this.#options.offered.commandEnded();
    const exit = pod && ownExit(pod, { stays: this.#options.replicas > 0 });
    if (exit) {
      await this.#outputs.end(pod);
      // With another code than 0 the gateway has said then what it came to.
      this.#options.offered.exited(exitOf({ code: exit.exitCode, outOfMemory: false }));
      if (this.#options.replicas > 0) return this.#gone(serviceEnded(this.#options.task));
    }
    const ended = lost || (pod ? isOver(pod) : job !== undefined && jobEnd(job) !== undefined);
    if (!ended) return;
    await this.#outputs.end(pod);
    this.#gone(
      endingOf(
        lost && !pod ? undefined : pod,
        view.jobGone ? undefined : job,
        await endingContext(this.#options, pod),
      ),
    );
  }

  /** Its newest pod; of a service all. */
  async #podsOf({ job, pods }: AttemptView): Promise<readonly SeenPod[]> {
    const seen = this.#options.replicas > 0 ? pods : pods.slice(-1);
    if (lackReason(seen)) return renewed(seen, await this.#asked(findPods));
    // The watch of Jobs may be ahead of that of pods.
    if (seen.length > 0 || !job || !jobEnd(job)) return seen;
    this.#pods = (await this.#asked(findPods)).map((pod) => ({ pod, gone: false }));
    return this.#pods;
  }

  /** A Job that went before anything was heard of it. */
  #expectJob(): void {
    if (!this.#made || this.#over || this.#stopping || this.#heard) return;
    const { task } = this.#options;
    const missing = async () => {
      if ((await this.#asked(findJob)) === undefined)
        this.#gone(endingOf(undefined, undefined, { task, memory: 0, quote: () => "" }));
    };
    void missing().catch((error: unknown) => this.note(`its Job cannot be looked at: ${messageOf(error)}`));
  }

  /** Again where the cluster does not answer. */
  #asked<Found>(find: (cluster: Cluster, name: string) => Promise<Found>): Promise<Found> {
    const { cluster, name } = this.#options;
    return patiently({ signal: this.#stop.signal }, () => find(cluster, name));
  }

  /** The Job's controller says why in events alone, which we have no right to read. */
  #tellPodless(): void {
    if (this.#pods.length > 0) return;
    const { namespace } = this.#options.cluster;
    this.note(
      `its Job has no pod yet, as when a quota is used up or a policy forbids it: "kubectl describe job --namespace ${namespace} ${this.#options.name}" says why`,
    );
  }

  /**
   * Somebody deletes the pod. Its node ends it within its grace and says so; a node that is lost says nothing, and the
   * record of the pod stays until somebody removes it by hand. What the pod still does then is refused by the gateway.
   */
  #expectEnd(pod: Pod): void {
    const { goneMs = usualGoneMs, task } = this.#options;
    const end = () => this.#gone(endingOf(pod, undefined, { task, memory: 0, quote: () => "" }));
    this.#leaving ??= setTimeout(end, goneMs);
  }

  /** The command's container runs, or has run and ended before it was looked at. */
  #tellStart(pod: Pod): void {
    const state = containerOf(pod, "main")?.state;
    this.#image ??= imageOf(pod);
    if (!(state?.running || state?.terminated)) return;
    this.#options.offered.started();
    this.#outputs.follow(pod);
  }

  #runs(uid: string): boolean {
    const seen = this.#pods.find(({ pod }) => pod.metadata.uid === uid);
    const ended = seen?.gone || (seen && containerOf(seen.pod, "main")?.state?.terminated);
    return !ended && !this.#stopping;
  }

  /** Deletes the Job and waits until nothing of it is left. */
  async #end(reason: Stop): Promise<void> {
    if (this.#stopping || this.#over) return;
    this.#stopping = reason;
    const { goneMs = usualGoneMs } = this.#options;
    const timer = setTimeout(() => this.#gone(reason), goneMs);
    this.#ended.promise.finally(() => clearTimeout(timer));
    while (!this.#over && !(await this.#deleted(reason))) {
      await pause(againMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Whether the cluster was told that the Job is to go, or never will be. */
  async #deleted(reason: Stop): Promise<boolean> {
    const { cluster, name } = this.#options;
    try {
      if (!(await deleteJob(cluster, name, "Foreground"))) this.#gone(reason);
      return true;
    } catch (error) {
      this.note(`its Job could not be deleted: ${messageOf(error)}`);
      if (isPassing(error)) return false;
      this.#gone(reason);
      return true;
    }
  }

  #gone(reason: Stop): void {
    this.#options.offered.gone(reason);
    this.#ended.resolve();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
