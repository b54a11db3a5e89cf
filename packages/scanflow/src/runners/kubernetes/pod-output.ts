import { type Cluster, followLog } from "../../kubernetes/index.ts";
import { containerNames } from "./manifest.ts";

export interface PodOutputOptions {
  readonly cluster: Cluster;
  /** Whole lines that an earlier owner has kept already. */
  readonly linesKept: number;
  readonly signal: AbortSignal;
  readonly write: (bytes: Buffer) => void;
  readonly note: (words: string) => void;
  /** Whether the command's container still runs. */
  readonly runs: () => boolean;
}

/** How long output that is still on its way may take when the command has ended. */
const outputMs = 15_000;

/** What the command of a pod writes, from where an earlier owner was. */
export class PodOutput {
  readonly #options: PodOutputOptions;
  #following: Promise<void> | undefined;

  constructor(options: PodOutputOptions) {
    this.#options = options;
  }

  /** The container of this pod has been started. */
  follow(pod: string): void {
    const { cluster, linesKept, signal, write, note, runs } = this.#options;
    let left = linesKept;
    this.#following = followLog(cluster.connection, {
      namespace: cluster.namespace,
      pod,
      container: containerNames.main,
      signal,
      // It is given whole lines.
      write(bytes) {
        if (left > 0) left--;
        else write(bytes);
      },
      runs,
    }).catch((error: unknown) => {
      note(
        `the rest of its output cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  /** Resolves when all of it has come, or nothing more does. */
  async end(): Promise<void> {
    if (!this.#following) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, outputMs);
    await Promise.race([this.#following, promise]);
    clearTimeout(timer);
  }
}
