import { stripVTControlCharacters } from "node:util";

/** What the builder says of its own doings; people look for what the steps say. */
const builders = /^ ---> |^Removing intermediate container |^Step \d+\/\d+ : LABEL /;

/** Puts the pieces together in which a build's output comes, and keeps the last lines for an error. */
export class OutputLines {
  readonly last: string[] = [];
  readonly #hear: (line: string) => void;
  #begun = "";

  constructor(hear: (line: string) => void) {
    this.#hear = hear;
  }

  write(text: string): void {
    const lines = (this.#begun + text).split("\n");
    this.#begun = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  end(): void {
    this.#line(this.#begun);
    this.#begun = "";
  }

  #line(written: string): void {
    // Colours of tools, and bars that are drawn over themselves.
    const line = stripVTControlCharacters(written)
      .replace(/^.*\r(?=.)/, "")
      .trimEnd();
    if (line === "" || builders.test(line)) return;
    this.last.push(line);
    if (this.last.length > 50) this.last.shift();
    this.#hear(line);
  }
}
