import type { Cluster } from "../../kubernetes/index.ts";
import type { OfferedAttempt } from "../gateway.ts";
import type { SeenPod } from "./cluster-view.ts";
import { canBeAsked, containerOf } from "./pod.ts";

export interface StandingOptions {
  readonly cluster: Cluster;
  /** Of its Job and its Service. */
  readonly name: string;
  readonly offered: OfferedAttempt;
  readonly note: (words: string) => void;
  /** How long it may run without an answer before the log says so. */
  readonly silentMs?: number | undefined;
}

/** Most services take a few seconds to load; who waits longer wants to know for what. */
const usualSilentMs = 5000;

/** A service from its start until it can be asked, which it can as soon as one of its replicas can. */
export class Standing {
  readonly #options: StandingOptions;
  #pods: readonly SeenPod[] = [];
  #url: string | undefined;
  #isTold = false;
  /** Runs from its first command's start on, until it is told. */
  #silent: NodeJS.Timeout | undefined;

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  /** Its Service has it asked here. */
  at(url: string): void {
    this.#url = url;
    this.#tell();
  }

  look(pods: readonly SeenPod[]): void {
    this.#pods = pods;
    this.#tell();
    if (this.#isTold || !pods.some(({ pod }) => containerOf(pod, "main")?.state?.running)) return;
    this.#silent ??= setTimeout(() => this.#tellSilent(), this.#options.silentMs ?? usualSilentMs);
  }

  leave(): void {
    clearTimeout(this.#silent);
  }

  #tell(): void {
    const { offered, name, cluster, note } = this.#options;
    const url = this.#url;
    if (this.#isTold || url === undefined) return;
    if (!this.#pods.some(({ pod, gone }) => !gone && canBeAsked(pod))) return;
    this.#isTold = true;
    this.leave();
    offered.ready(url);
    const { port } = new URL(url);
    note(
      `can be asked at ${url} by who runs in the cluster; from this machine after "kubectl port-forward --namespace ${cluster.namespace} service/${name} ${port || 80}"`,
    );
  }

  /** What its node hears it says in events alone, which we have no right to read. */
  #tellSilent(): void {
    const { name, cluster, note } = this.#options;
    note(
      `runs and cannot be asked yet: "kubectl describe pods --namespace ${cluster.namespace} --selector batch.kubernetes.io/job-name=${name}" says what its node hears`,
    );
  }
}
