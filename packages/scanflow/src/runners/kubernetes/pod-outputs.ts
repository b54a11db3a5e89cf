import { type Cluster, followLog } from "../../kubernetes/index.ts";
import type { OfferedAttempt } from "../gateway.ts";
import { containerNames } from "./manifest.ts";
import type { Pod } from "./pod.ts";

export interface PodOutputsOptions {
  readonly cluster: Cluster;
  readonly offered: OfferedAttempt;
  /** Whole lines of the command's output that an earlier owner has kept already. */
  readonly linesKept: number;
  readonly signal: AbortSignal;
  /** Whether the command may write yet. */
  readonly runs: (uid: string) => boolean;
  readonly troubled: (error: unknown) => void;
}

/** How long output that is still on its way may take when the command has ended. */
const outputMs = 15_000;

/** What the commands of an attempt's pods write, in its log: one pod, or the replicas of a service. */
export class PodOutputs {
  readonly #options: PodOutputsOptions;
  /** By the pod's uid. */
  readonly #all = new Map<string, Promise<void>>();

  constructor(options: PodOutputsOptions) {
    this.#options = options;
  }

  /** Follows that of a pod whose command has begun, once. */
  follow({ metadata: { uid, name } }: Pod): void {
    if (this.#all.has(uid)) return;
    const { cluster, offered, linesKept, signal, runs, troubled } = this.#options;
    const log = offered.log();
    const output = new Skipping(linesKept, (bytes) => log.write(bytes));
    const followed = followLog(cluster.connection, {
      namespace: cluster.namespace,
      pod: name,
      container: containerNames.main,
      signal,
      write: (bytes) => output.write(bytes),
      runs: () => runs(uid),
    });
    this.#all.set(
      uid,
      followed.catch(troubled).finally(() => log.end()),
    );
  }

  /** Waits for what a pod's ended command wrote. */
  async end(pod: Pod | undefined): Promise<void> {
    const output = pod && this.#all.get(pod.metadata.uid);
    if (!output) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, outputMs);
    await Promise.race([output, promise]);
    clearTimeout(timer);
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
