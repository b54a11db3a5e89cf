/**
 * The tokens of JavaScript or TypeScript that matter for finding imports: words, strings and punctuation. Comments,
 * regular expressions and the text of templates are left out; a template without expressions is a string.
 */
export interface Token {
  readonly kind: "word" | "string" | "punctuation" | "other";
  readonly text: string;
}

/** After these words an expression begins, so a slash begins a regular expression. */
const beforeExpression = new Set(
  "return typeof case do else in instanceof new void delete throw yield await of extends default".split(" "),
);
const withCondition = new Set(["if", "while", "for", "with"]);
/** Before these, a brace opens a block. */
const beforeBlock = new Set([")", ";", "{", "}", "=>", "else", "do", "try", "finally", "static"]);

const wordPattern = /[\p{ID_Continue}$#@]+/uy;
const regularExpression = /\/(?:[^\\/[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/[a-z]*/y;

export function tokensOf(source: string): Token[] {
  return new Tokenizer(source).read();
}

/** What a bracket was opened as, which tells what a slash after its end means. */
type Opened = "condition" | "group" | "block" | "object" | "template";

class Tokenizer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  readonly #open: Opened[] = [];
  #at = 0;
  /** Whether the last bracket closed a condition or a block. */
  #closedStatement = false;

  constructor(source: string) {
    this.#source = source;
    if (source.startsWith("#!")) this.#skipTo("\n");
  }

  read(): Token[] {
    while (this.#at < this.#source.length) this.#step();
    return this.#tokens;
  }

  #step(): void {
    const source = this.#source;
    const character = source[this.#at] ?? "";
    if (/\s/.test(character)) this.#at++;
    else if (source.startsWith("//", this.#at)) this.#skipTo("\n");
    else if (source.startsWith("/*", this.#at)) this.#skipTo("*/");
    else if (character === "'" || character === '"') this.#string(character);
    else if (character === "`") {
      this.#at++;
      this.#template();
    } else if (
      character === "/" &&
      this.#expectsExpression() &&
      this.#match(regularExpression) !== undefined
    ) {
      this.#push("other", "/");
    } else {
      const word = this.#match(wordPattern);
      if (word === undefined) this.#punctuation(character);
      else this.#push("word", word);
    }
  }

  #punctuation(character: string): void {
    const text = this.#source.startsWith("=>", this.#at) ? "=>" : character;
    this.#at += text.length;
    if (text === "(") {
      this.#open.push(withCondition.has(this.#last()?.text ?? "") ? "condition" : "group");
    } else if (text === "{") this.#open.push(this.#opensBlock() ? "block" : "object");
    else if (text === "}" || text === ")") {
      const opened = this.#open.pop();
      if (opened === "template") {
        this.#template();
        return;
      }
      this.#closedStatement = opened === "condition" || opened === "block";
    }
    this.#push("punctuation", text);
  }

  #string(quote: string): void {
    const begin = this.#at + 1;
    let at = begin;
    while (at < this.#source.length && this.#source[at] !== quote && this.#source[at] !== "\n") {
      at += this.#source[at] === "\\" ? 2 : 1;
    }
    this.#at = at + 1;
    this.#push("string", this.#source.slice(begin, at));
  }

  /** From inside a template to its end, or to its next expression. */
  #template(): void {
    const begin = this.#at;
    for (let at = begin; at < this.#source.length; at++) {
      const character = this.#source[at];
      if (character === "\\") at++;
      else if (character === "`") {
        this.#at = at + 1;
        const whole = this.#source[begin - 1] === "`";
        this.#push(whole ? "string" : "other", whole ? this.#source.slice(begin, at) : "`");
        return;
      } else if (character === "$" && this.#source[at + 1] === "{") {
        this.#at = at + 2;
        this.#open.push("template");
        this.#push("punctuation", "${");
        return;
      }
    }
    this.#at = this.#source.length;
  }

  #expectsExpression(): boolean {
    const last = this.#last();
    if (last === undefined) return true;
    if (last.kind === "word") return beforeExpression.has(last.text);
    if (last.kind !== "punctuation") return false;
    if (last.text === ")" || last.text === "}") return this.#closedStatement;
    if (last.text === "]") return false;
    const before = this.#tokens.at(-2);
    // `x++ / 2`, and TypeScript's `x! / 2`.
    if (last.text === before?.text && (last.text === "+" || last.text === "-")) return false;
    return !(last.text === "!" && before?.kind === "word" && !beforeExpression.has(before.text));
  }

  #opensBlock(): boolean {
    const last = this.#last();
    if (last === undefined || beforeBlock.has(last.text)) return true;
    return last.kind === "word" && !beforeExpression.has(last.text);
  }

  #last(): Token | undefined {
    return this.#tokens.at(-1);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#source) ?? [];
    if (text !== undefined) this.#at += text.length;
    return text;
  }

  #skipTo(end: string): void {
    const found = this.#source.indexOf(end, this.#at + 2);
    this.#at = found < 0 ? this.#source.length : found + end.length;
  }

  #push(kind: Token["kind"], text: string): void {
    this.#tokens.push({ kind, text });
  }
}
