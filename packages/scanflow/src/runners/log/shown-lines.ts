import { StringDecoder } from "node:string_decoder";

/**
 * Output as the lines that a person would see. One that is drawn over again and again comes each time as it stands,
 * with a carriage return at its end, and without it once it is whole.
 */
export class ShownLines {
  readonly #line: (line: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #begun = "";
  /** What stands on the line until something is written over it. */
  #drawn = "";

  constructor(line: (line: string) => void) {
    this.#line = line;
  }

  write(piece: Buffer): void {
    const [first = "", ...rest] = this.#decoder.write(piece).split("\n");
    this.#begun += first;
    for (const begun of rest) {
      this.#draw(true);
      this.#line(this.#drawn);
      this.#drawn = "";
      this.#begun = begun;
    }
    if (this.#draw(false)) this.#line(`${this.#drawn}\r`);
  }

  /** Whether something new stands on the line. */
  #draw(whole: boolean): boolean {
    if (!whole && !this.#begun.includes("\r")) return false;
    const drawn = this.#begun.split("\r");
    const left = whole ? "" : (drawn.pop() ?? "");
    const last = drawn.findLast((text) => text.trim() !== "");
    this.#begun = left;
    this.#drawn = last ?? (drawn.length === 1 && this.#drawn === "" ? (drawn[0] ?? "") : this.#drawn);
    return last !== undefined;
  }
}
