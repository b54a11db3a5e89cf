import { ScanflowError } from "@scanflow/core";
import type { DataTransfer } from "../../api/index.ts";

export type Progress = Extract<DataTransfer, { kind: "progress" }>;
export type Moved = Extract<DataTransfer, { kind: "done" }>["moved"][number];

export interface TransferOptions {
  /** `NAME` or `NAME@VERSION`; everything when none is given. */
  readonly name?: string | undefined;
  /** URL of the remote; the one used last when none is given. */
  readonly remote?: string | undefined;
  readonly now: number;
  readonly tell: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** How many objects are on their way at a time. */
const width = 6;

/** Sends or fetches the objects of one version, some at a time, and counts them. */
export class Transfer {
  objects = 0;
  #files = 0;
  #bytes = 0;
  readonly #place: { readonly dataset: string; readonly version: number };
  readonly #ofFiles: number;
  readonly #options: TransferOptions;

  constructor(place: { dataset: string; version: number }, ofFiles: number, options: TransferOptions) {
    this.#place = place;
    this.#ofFiles = ofFiles;
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Does the work of each item. After a failure none is begun, and it is thrown when the others have ended. */
  async each<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
    const left = items[Symbol.iterator]();
    const failures: unknown[] = [];
    const lane = async () => {
      while (failures.length === 0) {
        const next = left.next();
        if (next.done) return;
        try {
          this.#goOn();
          await work(next.value);
          this.#files += 1;
          this.#tell();
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: width }, lane));
    if (failures.length > 0) throw failures[0];
  }

  /** Counts content as it passes. */
  async *counted(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of content) {
      this.#goOn();
      yield bytes;
      this.#bytes += bytes.length;
      this.#tell();
    }
  }

  #tell(): void {
    const counts = { files: this.#files, ofFiles: this.#ofFiles, bytes: this.#bytes };
    this.#options.tell({ kind: "progress", ...this.#place, ...counts });
  }

  #goOn(): void {
    if (!this.#options.signal.aborted) return;
    throw new ScanflowError(
      "SCANFLOW_OWNER_CLOSING",
      "The owner ends, or nobody waits for the transfer any more. Run the command again: what is there already is not moved again.",
    );
  }
}
