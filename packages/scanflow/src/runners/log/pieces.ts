/** Longest line that is kept whole; a longer one is broken here. */
const longestLine = 64 * 1024;
/** Output without the end of a line is handed on when nothing has followed it for so long. */
const silenceMs = 200;
const newline = 10;
const carriageReturn = 13;

/**
 * Hands on output by whole lines, and what a program draws over (a progress bar, a prompt) as soon as it stands there:
 * up to a carriage return, or after a short silence. The bytes stay as they are; the last line gets its end.
 */
export class Pieces {
  readonly #take: (piece: Buffer) => void;
  #held: Buffer[] = [];
  /** Of the line that has begun, also what was handed on of it. */
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(take: (piece: Buffer) => void) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const end = Math.max(chunk.lastIndexOf(newline), chunk.lastIndexOf(carriageReturn)) + 1;
    if (end > 0) {
      this.#held.push(chunk.subarray(0, end));
      this.#flush();
      this.#length = chunk[end - 1] === newline ? 0 : 1;
    }
    if (end === chunk.length) return;
    // A copy, since the rest may stay here long and would hold the whole chunk.
    this.#held.push(Buffer.from(chunk.subarray(end)));
    this.#length += chunk.length - end;
    if (this.#length > longestLine) this.end();
    else if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#flush(), silenceMs).unref();
  }

  end(): void {
    if (this.#length > 0) this.#held.push(Buffer.from("\n"));
    this.#length = 0;
    this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [only] = this.#held;
    if (only === undefined) return;
    const piece = this.#held.length === 1 ? only : Buffer.concat(this.#held);
    this.#held = [];
    this.#take(piece);
  }
}
