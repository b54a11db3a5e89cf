type Place = "start" | "plain" | "quoted" | "quote";

/**
 * Reads CSV (RFC 4180) as it comes in pieces of text: counts its records, without empty lines, and keeps the first.
 * A quote counts only where a cell begins.
 */
export class CsvReader {
  records = 0;
  readonly kept: string[][] = [];
  readonly #delimiter: string;
  readonly #most: number;
  #place: Place = "start";
  #cell = "";
  #cells: string[] = [];
  /** Whether anything stands in the record. */
  #begun = false;

  constructor(delimiter: string, most: number) {
    this.#delimiter = delimiter;
    this.#most = most;
  }

  push(text: string): void {
    for (const char of text) this.#take(char);
  }

  /** The last record needs no end of line. */
  end(): void {
    this.#endRecord();
  }

  #take(char: string): void {
    if (this.#place === "quoted") {
      if (char === '"') this.#place = "quote";
      else this.#add(char);
    } else if (this.#place === "quote" && char === '"') {
      this.#place = "quoted";
      this.#add(char);
    } else if (char === "\n") this.#endRecord();
    else if (char === this.#delimiter) this.#endCell();
    else if (char === '"' && this.#place === "start") {
      this.#place = "quoted";
      this.#begun = true;
    } else if (char !== "\r") {
      this.#place = "plain";
      this.#add(char);
    }
  }

  #add(char: string): void {
    this.#begun = true;
    if (this.kept.length < this.#most) this.#cell += char;
  }

  #endCell(): void {
    this.#begun = true;
    this.#place = "start";
    if (this.kept.length >= this.#most) return;
    this.#cells.push(this.#cell);
    this.#cell = "";
  }

  #endRecord(): void {
    if (this.#begun) {
      this.#endCell();
      this.records += 1;
      if (this.kept.length < this.#most) this.kept.push(this.#cells);
    }
    this.#cells = [];
    this.#begun = false;
    this.#place = "start";
  }
}
