import { invalid } from "../refusal.ts";

/** A name as it was written: `metrics.acc` has an entity, `start_time` has none. */
export interface Name {
  readonly entity: string | undefined;
  readonly key: string;
  readonly text: string;
}

export type Literal =
  | { readonly kind: "text"; readonly value: string; readonly text: string }
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "list"; readonly value: readonly string[]; readonly text: string };

const bare = /[\p{L}\p{N}_$@#]+(?:\.[\p{L}\p{N}_$@#]+)*/uy;
const number = /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\p{L}_])/uy;
const operator = /<=|>=|!=|<>|==|=|<|>/y;
const words = /IS\s+NOT\s+NULL\b|IS\s+NULL\b|NOT\s+IN\b|IN\b|LIKE\b|ILIKE\b/iy;

/** Reads a filter or an order from left to right. */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What is left to read, for messages. */
  get rest(): string {
    return this.#text.slice(this.#at);
  }

  /** `key`, `entity.key`; a part may stand in double quotes or backticks. Undefined when none follows. */
  name(): Name | undefined {
    const start = this.#at;
    const first = this.#quoted(`"\``) ?? this.#match(bare);
    if (first === undefined) return undefined;
    const quotedFirst = /["`]/.test(this.#text.charAt(start));
    const dot = quotedFirst ? -1 : first.indexOf(".");
    if (dot >= 0) return this.#named(first.slice(0, dot), first.slice(dot + 1), start);
    if (this.#text.charAt(this.#at) !== ".") return this.#named(undefined, first, start);
    this.#at++;
    const key = this.#quoted(`"\``) ?? this.#match(bare);
    if (key === undefined) return undefined;
    return this.#named(first, key, start);
  }

  /** A comparison sign or word, in capitals with single spaces. */
  comparator(): string | undefined {
    const found = this.#match(operator) ?? this.#match(words);
    this.#skipSpace();
    return found?.toUpperCase().replace(/\s+/g, " ");
  }

  literal(): Literal | undefined {
    const start = this.#at;
    if (this.#text.charAt(start) === "(") return this.#list(start);
    const text = this.#quoted(`'"`);
    if (text !== undefined) return { kind: "text", value: text, text: this.#since(start) };
    const digits = this.#match(number);
    if (digits === undefined) return undefined;
    return { kind: "number", value: Number(digits), text: this.#since(start) };
  }

  /** Takes a word such as AND, whatever its case. */
  word(word: string): boolean {
    const found = this.#text.slice(this.#at, this.#at + word.length);
    const after = this.#text.charAt(this.#at + word.length);
    if (found.toUpperCase() !== word || /[\p{L}\p{N}_]/u.test(after)) return false;
    this.#at += word.length;
    this.#skipSpace();
    return true;
  }

  #named(entity: string | undefined, key: string, start: number): Name {
    const text = this.#since(start);
    return { entity, key, text };
  }

  #list(start: number): Literal {
    const value: string[] = [];
    this.#at++;
    do {
      this.#skipSpace();
      const item = this.#quoted(`'"`);
      if (item === undefined) {
        throw invalid(
          `While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: ${this.#text.slice(start)}`,
        );
      }
      value.push(item);
      this.#skipSpace();
    } while (this.#match(/,/y) !== undefined);
    if (this.#match(/\)/y) === undefined) {
      throw invalid(`Invalid clause(s) in filter string: the list ${this.#text.slice(start)} has no end.`);
    }
    return { kind: "list", value, text: this.#since(start) };
  }

  /** Text between two quotes of one of the given kinds; the quote itself is written twice inside. */
  #quoted(kinds: string): string | undefined {
    const quote = this.#text.charAt(this.#at);
    if (quote === "" || !kinds.includes(quote)) return undefined;
    let value = "";
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const character = this.#text.charAt(i);
      if (character !== quote) {
        value += character;
      } else if (this.#text.charAt(i + 1) === quote) {
        value += quote;
        i++;
      } else {
        this.#at = i + 1;
        return value;
      }
    }
    throw invalid(`Invalid clause(s) in filter string: ${this.rest} has no closing quote.`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #since(start: number): string {
    const text = this.#text.slice(start, this.#at);
    this.#skipSpace();
    return text;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }
}
