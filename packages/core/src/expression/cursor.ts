import { matchAt, readToken, skipSpace, type Token } from "./lexer.ts";
import { EXPRESSION_LIMITS, limitError } from "./limits.ts";
import type { NameSet } from "./names.ts";
import { ExpressionSyntaxError } from "./syntax-error.ts";
import { quoted } from "./values.ts";

/** Each level of a tree costs at most two nested rules: one for its operator, one for its parentheses. */
const NESTING_LIMIT = 2 * EXPRESSION_LIMITS.depth + 2;

/** A position in a text that is being parsed, with one token of lookahead. */
export class Cursor {
  readonly text: string;
  readonly names: NameSet;
  #offset = 0;
  #nesting = 0;
  #ahead: Token | undefined;

  constructor(text: string, names: NameSet) {
    this.text = text;
    this.names = names;
  }

  /** Behind the last token taken. */
  get offset(): number {
    return this.#offset;
  }

  /** Where the next token starts. */
  get start(): number {
    return skipSpace(this.text, this.#offset);
  }

  peek(): Token {
    this.#ahead ??= readToken(this.text, this.#offset);
    return this.#ahead;
  }

  take(): Token {
    const token = this.peek();
    this.#offset = token.end;
    this.#ahead = undefined;
    return token;
  }

  /** Whether the next token is this word or symbol. */
  at(text: string): boolean {
    const token = this.peek();
    return (token.type === "word" || token.type === "symbol") && token.text === text;
  }

  /** Takes this word or symbol if it comes next. */
  takeIf(text: string): boolean {
    if (!this.at(text)) return false;
    this.take();
    return true;
  }

  /** Takes this word or symbol, or fails. */
  takeOnly(text: string, hint?: string): void {
    if (!this.takeIf(text)) throw this.failure(quoted(text), hint);
  }

  /** What the sticky pattern matches behind white space, without taking it; "" when nothing. */
  peekMatch(pattern: RegExp): string {
    return matchAt(pattern, this.text, this.start);
  }

  /** Takes what the sticky pattern matches behind white space; "" when nothing. */
  takeMatch(pattern: RegExp): string {
    const start = this.start;
    const matched = matchAt(pattern, this.text, start);
    if (matched === "") return "";
    this.#offset = start + matched.length;
    this.#ahead = undefined;
    return matched;
  }

  /** Runs one nested rule of the grammar; refuses what would exhaust the stack. */
  nested<T>(rule: () => T): T {
    this.#nesting += 1;
    if (this.#nesting > NESTING_LIMIT) throw limitError("depth");
    const result = rule();
    this.#nesting -= 1;
    return result;
  }

  /** The error for a next token that does not fit. */
  failure(expected: string, hint?: string): ExpressionSyntaxError {
    const token = this.peek();
    const offset = token.start;
    if (token.type === "invalid") {
      return new ExpressionSyntaxError(this.text, {
        offset,
        found: token.found,
        expected: token.expected,
        hint: token.hint,
      });
    }
    const found = token.type === "end" ? "the end" : quoted(this.text.slice(offset, token.end));
    return new ExpressionSyntaxError(this.text, { offset, found, expected, ...(hint && { hint }) });
  }
}
