import { EventEmitter } from "node:events";

/** A terminal of its own: takes what is written and knows what stands on the screen and above it. */
export class TestTerminal extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** All lines, the last `rows` of which are on the screen. */
  readonly lines: string[] = [""];
  cursorShown = true;
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  get text(): string[] {
    return this.lines.map((line) => line.trimEnd());
  }

  write(text: string): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    for (const [part, count, kind] of text.matchAll(/\u001b\[\??(\d*)([A-Za-z])|[\s\S]/gu)) {
      if (kind === undefined) this.#put(part);
      else this.#control(kind, Number(count));
    }
    return true;
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#to(this.#row + 1, 0);
    else {
      if (this.#column >= this.columns) this.#to(this.#row + 1, 0);
      const line = this.lines[this.#row] ?? "";
      this.lines[this.#row] =
        line.slice(0, this.#column).padEnd(this.#column) + character + line.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  #to(row: number, column: number): void {
    this.#row = row;
    this.#column = column;
    while (this.lines.length <= row) this.lines.push("");
  }

  #control(kind: string, count: number): void {
    const top = Math.max(0, this.lines.length - this.rows);
    if (kind === "A") this.#row = Math.max(top, this.#row - count);
    if (kind === "K") this.lines[this.#row] = "";
    if (kind === "J") {
      this.lines.length = this.#row + 1;
      this.lines[this.#row] = (this.lines[this.#row] ?? "").slice(0, this.#column);
    }
    if (kind === "h") this.cursorShown = true;
    if (kind === "l") this.cursorShown = false;
  }
}
