/** What stands in a log in place of a secret. */
const stars = "***";
const shortestHidden = 3;

/**
 * The texts to hide for these secret values: each value, its lines (a key is often printed line by line), and the
 * forms in which a program is likely to print it: inside JSON, inside a URL and in base64. Values and lines of
 * fewer than three characters hide nothing, since they would blank the whole log.
 */
export function hiddenTexts(values: Iterable<string>): string[] {
  const texts = new Set<string>();
  for (const value of values) {
    if (value.length < shortestHidden) continue;
    for (const line of [value, value.trim(), ...value.split(/\r?\n/)]) {
      texts.add(line);
      texts.add(JSON.stringify(line).slice(1, -1));
    }
    texts.add(encodeURIComponent(value));
    texts.add(Buffer.from(value).toString("base64"));
  }
  return [...texts].filter((text) => text.length >= shortestHidden);
}

/**
 * Hides texts in a stream of bytes, also where one is split over chunks: what may be the beginning of a hidden text
 * is held back until the next chunk tells. The result is that of hiding them in the whole stream at once, leftmost
 * first, the longest where several begin at the same place.
 */
export class Mask {
  readonly #pattern: RegExp | null;
  /** As latin1, one character a byte. */
  readonly #hidden: readonly string[];
  #held = "";

  constructor(texts: readonly string[]) {
    this.#hidden = texts
      .map((text) => Buffer.from(text).toString("latin1"))
      .sort((left, right) => right.length - left.length);
    const alternatives = this.#hidden.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    this.#pattern = alternatives.length === 0 ? null : new RegExp(alternatives.join("|"), "g");
  }

  write(chunk: Buffer): Buffer {
    if (this.#pattern === null) return chunk;
    return this.#hide(this.#pattern, this.#held + chunk.toString("latin1"), false);
  }

  /** What was held back. */
  end(): Buffer {
    const held = this.#held;
    this.#held = "";
    if (this.#pattern === null || held === "") return Buffer.alloc(0);
    return this.#hide(this.#pattern, held, true);
  }

  #hide(pattern: RegExp, text: string, last: boolean): Buffer {
    let shown = "";
    let position = 0;
    let open = last ? text.length : this.#openFrom(text, 0);
    while (true) {
      pattern.lastIndex = position;
      const found = pattern.exec(text);
      if (found === null || found.index >= open) break;
      shown += text.slice(position, found.index) + stars;
      position = found.index + found[0].length;
      if (open < position) open = this.#openFrom(text, position);
    }
    shown += text.slice(position, open);
    this.#held = text.slice(open);
    return Buffer.from(shown, "latin1");
  }

  /** The first place from `position` on where the rest of the text may yet grow into a (longer) hidden text. */
  #openFrom(text: string, position: number): number {
    let open = text.length;
    for (const hidden of this.#hidden) {
      for (let at = Math.max(position, text.length - hidden.length + 1); at < open; at++) {
        if (hidden.startsWith(text.slice(at))) open = at;
      }
    }
    return open;
  }
}
