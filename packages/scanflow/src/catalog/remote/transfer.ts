import type { DataTransfer } from "../../api/index.ts";
import { goOn, type Hearing } from "../copy-progress.ts";

export type Progress = Extract<DataTransfer, { kind: "progress" }>;
export type Moved = Extract<DataTransfer, { kind: "done" }>["moved"][number];

export interface TransferOptions extends Hearing<Progress> {
  /** `NAME` or `NAME@VERSION`; everything when none is given. */
  readonly name?: string | undefined;
  /** URL of the remote; the one used last when none is given. */
  readonly remote?: string | undefined;
  readonly now: number;
}

/** How many objects are on their way at a time. */
const width = 6;

/** Sends or fetches the objects of one version, some at a time, and counts them. */
export class Transfer {
  objects = 0;
  #moved = 0;
  #files = 0;
  #bytes = 0;
  #ofFiles = 0;
  #ofBytes = 0;
  readonly #place: { readonly dataset: string; readonly version: number };
  readonly #options: TransferOptions;

  constructor(place: { dataset: string; version: number }, options: TransferOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** Bytes that were sent or fetched. */
  get bytes(): number {
    return this.#moved;
  }

  /** Does the work of each content. After a failure none is begun, and it is thrown when the others have ended. */
  async each<T extends { readonly size: number }>(
    contents: readonly T[],
    work: (content: T) => Promise<void>,
  ): Promise<void> {
    this.#ofFiles = contents.length;
    this.#ofBytes = contents.reduce((sum, { size }) => sum + size, 0);
    const left = contents.values();
    const failures: unknown[] = [];
    const lane = async () => {
      while (failures.length === 0) {
        const next = left.next();
        if (next.done) return;
        try {
          goOn(this.#options.signal);
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

  /** Counts content that is where it should be already. */
  found(size: number): void {
    this.#bytes += size;
  }

  /** Counts content as it passes. */
  async *counted(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of content) {
      goOn(this.#options.signal);
      yield bytes;
      this.#bytes += bytes.length;
      this.#moved += bytes.length;
      this.#tell();
    }
  }

  #tell(): void {
    const files = { files: this.#files, ofFiles: this.#ofFiles };
    const bytes = { bytes: this.#bytes, ofBytes: this.#ofBytes };
    this.#options.tell({ kind: "progress", ...this.#place, ...files, ...bytes });
  }
}
