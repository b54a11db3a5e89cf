/** The newest bytes of a stream, in a fixed room. */
export class Tail {
  readonly #room: Buffer;
  /** Bytes that have ever come in. */
  #total = 0;

  constructor(bytes: number) {
    this.#room = Buffer.allocUnsafeSlow(bytes);
  }

  get total(): number {
    return this.#total;
  }

  push(chunk: Buffer): void {
    const newest = chunk.length > this.#room.length ? chunk.subarray(-this.#room.length) : chunk;
    const from = (this.#total + chunk.length - newest.length) % this.#room.length;
    const fits = Math.min(newest.length, this.#room.length - from);
    newest.copy(this.#room, from, 0, fits);
    newest.copy(this.#room, 0, fits);
    this.#total += chunk.length;
  }

  /** In order, from the beginning of a line when some was lost. */
  read(): Buffer {
    if (this.#total <= this.#room.length) return this.#room.subarray(0, this.#total);
    const oldest = this.#total % this.#room.length;
    const bytes = Buffer.concat([this.#room.subarray(oldest), this.#room.subarray(0, oldest)]);
    const newline = bytes.indexOf(10);
    return newline < 0 ? bytes : bytes.subarray(newline + 1);
  }
}
