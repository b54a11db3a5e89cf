/** Longest line that is kept whole; a longer one is broken here. */
const longestLine = 64 * 1024;
const newline = 10;
const endOfLine = Buffer.from("\n");

/** Hands on whole lines, several at once where they come together; the last one may lack its newline. */
export class LineSplitter {
  readonly #take: (whole: Buffer) => void;
  #begun: Buffer[] = [];
  #length = 0;

  constructor(take: (whole: Buffer) => void) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      this.#take(this.#length === 0 ? whole : Buffer.concat([...this.#begun, whole]));
      this.#begun = [];
      this.#length = 0;
    }
    if (end === chunk.length) return;
    // A copy, since the rest may stay here long and would hold the whole chunk.
    this.#begun.push(Buffer.from(chunk.subarray(end)));
    this.#length += chunk.length - end;
    if (this.#length > longestLine) this.end();
  }

  end(): void {
    if (this.#length === 0) return;
    this.#take(Buffer.concat([...this.#begun, endOfLine]));
    this.#begun = [];
    this.#length = 0;
  }
}
