import { widthOf } from "../text/width.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearLine = "\u001b[2K";
const clearBelow = "\u001b[J";

/** The last lines of a terminal, drawn again and again in place. What is printed above them stays. */
export class LiveRegion {
  readonly #out: NodeJS.WriteStream;
  #drawn: readonly string[] = [];
  #open = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  get size(): { width: number; height: number } {
    const { columns, rows } = this.#out;
    // A line as wide as the terminal makes some terminals begin another.
    return { width: Math.max(20, (columns || 80) - 1), height: rows || 24 };
  }

  /** Prints lines above, then draws the region again (as it was, unless it is given anew). */
  draw(lines: readonly string[] = this.#drawn, above: readonly string[] = []): void {
    const back = this.#back();
    const text = [...above, ...lines].map((line) => `${clearLine}${line}\n`).join("");
    this.#out.write(`${this.#open ? "" : hideCursor}${back}${text}${clearBelow}`);
    this.#open = true;
    this.#drawn = lines;
  }

  /** Leaves the region's last picture standing, or nothing of it. */
  close({ keep }: { readonly keep: boolean }): void {
    if (!this.#open) return;
    this.#out.write(`${keep ? "" : `${this.#back()}${clearBelow}`}${showCursor}`);
    this.#open = false;
    this.#drawn = [];
  }

  /** To the region's first line. A terminal that became narrower has broken its lines into more. */
  #back(): string {
    const columns = this.#out.columns || 80;
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    return rows === 0 ? "" : `\u001b[${rows}A\r`;
  }
}
