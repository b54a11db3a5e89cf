import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, followLog, isPassing, lastLines } from "../../kubernetes/index.ts";
import { exitOf } from "../docker/container-exit.ts";
import type { OfferedAttempt } from "../gateway.ts";
import { type Stop, stopOf } from "../outcome.ts";
import { deleteJob, findJob, findPod, patiently } from "./attempt-objects.ts";
import type { AttemptView, ClusterView } from "./cluster-view.ts";
import { type EndingContext, endingOf, ownExit } from "./ending.ts";
import { containerNames } from "./manifest.ts";
import { type ContainerName, containerOf, imageOf, isOver, jobEnd, type Pod } from "./pod.ts";
import { waitOf } from "./waits.ts";

export interface PodAttemptOptions {
  readonly cluster: Cluster;
  readonly view: ClusterView;
  readonly name: string;
  readonly task: string;
  readonly memory: number;
  readonly offered: OfferedAttempt;
  /** Whole lines of the command's output that an earlier owner has kept already. */
  readonly linesKept: number;
  /** How long the cluster may take to end what was deleted. */
  readonly goneMs?: number;
  /** How long a Job may be without a pod before the log says so. */
  readonly podlessMs?: number;
}

/** How long output that is still on its way may take when the command has ended. */
const outputMs = 15_000;
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
  #output: Promise<void> | undefined;
  /** Not looked at yet. */
  #latest: AttemptView | undefined;
  #pod: Pod | undefined;
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

  /** Watches until the attempt has ended, whoever ends it; then its Job, which is there by now, is removed. */
  async run(): Promise<void> {
    const { name, offered, cluster } = this.#options;
    this.#made = true;
    this.#expectJob();
    const forget = offered.onStop((reason) => void this.#end(reason));
    this.#podless = setTimeout(() => this.#tellPodless(), this.#options.podlessMs ?? usualPodlessMs);
    await Promise.race([offered.done, this.#ended.promise]);
    forget();
    this.leave();
    if (!this.#stopping) await deleteJob(cluster, name, "Background").catch(() => undefined);
  }

  /** Watches no longer. */
  leave(): void {
    this.#unfollow();
    clearTimeout(this.#leaving);
    clearTimeout(this.#podless);
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
    this.#pod = latest.pod ?? this.#pod;
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
    // The watch of Jobs may be ahead of that of pods.
    const pod = view.pod ?? (job && jobEnd(job) ? await this.#asked(findPod) : undefined);
    this.#pod = pod;
    const lost = view.jobGone || view.podGone;
    if (this.#stopping) {
      if (view.jobGone) this.#gone(this.#stopping);
      return;
    }
    if (pod) this.#tellStart(pod);
    if (pod?.metadata.deletionTimestamp && !lost) this.#expectEnd(pod);
    if (pod && !lost) {
      const wait = isOver(pod) ? undefined : waitOf(pod, this.#options.task);
      if (wait) this.note(wait.words);
      if (wait?.stop) return this.#end(wait.stop);
    }
    const exit = pod && ownExit(pod);
    if (exit) {
      await this.#outputEnds();
      this.#options.offered.exited(exitOf({ code: exit.exitCode, outOfMemory: false }));
      // With another code than 0 the gateway has said by now what it came to.
      if (exit.exitCode !== 0) return;
    }
    const ended = lost || (pod ? isOver(pod) : job !== undefined && jobEnd(job) !== undefined);
    if (!ended) return;
    await this.#outputEnds();
    this.#gone(
      endingOf(lost && !pod ? undefined : pod, view.jobGone ? undefined : job, await this.#context(pod)),
    );
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
    if (this.#pod) return;
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
    const { cluster, offered, linesKept } = this.#options;
    const state = containerOf(pod, "main")?.state;
    this.#image ??= imageOf(pod);
    if (this.#output || !(state?.running || state?.terminated)) return;
    offered.started();
    const output = new Skipping(linesKept, (bytes) => this.#log.write(bytes));
    this.#output = followLog(cluster.connection, {
      namespace: cluster.namespace,
      pod: pod.metadata.name,
      container: containerNames.main,
      signal: this.#stop.signal,
      write: (bytes) => output.write(bytes),
      runs: () => this.#runs(),
    }).catch((error: unknown) => this.note(`the rest of its output cannot be read: ${messageOf(error)}`));
  }

  #runs(): boolean {
    const ended = this.#pod && containerOf(this.#pod, "main")?.state?.terminated;
    return !ended && !this.#stopping;
  }

  async #outputEnds(): Promise<void> {
    if (!this.#output) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, outputMs);
    await Promise.race([this.#output, promise]);
    clearTimeout(timer);
  }

  async #context(pod: Pod | undefined): Promise<EndingContext> {
    const { cluster, task, memory } = this.#options;
    const { namespace } = cluster;
    const quotes = new Map<ContainerName, string>();
    for (const container of ["fetch", "publish"] as const) {
      const code = pod && containerOf(pod, container)?.state?.terminated?.exitCode;
      if (!pod || code === undefined || code === 0) continue;
      const said = lastLines(cluster.connection, { namespace, pod: pod.metadata.name, container, lines: 20 });
      quotes.set(container, await said.catch(() => ""));
    }
    return { task, memory, quote: (container) => quotes.get(container) ?? "" };
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

/** Leaves out the first lines. */
class Skipping {
  #left: number;
  readonly #write: (bytes: Buffer) => void;

  constructor(lines: number, write: (bytes: Buffer) => void) {
    this.#left = lines;
    this.#write = write;
  }

  /** Is given whole lines. */
  write(bytes: Buffer): void {
    if (this.#left > 0) this.#left--;
    else this.#write(bytes);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
