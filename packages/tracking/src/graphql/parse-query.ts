import {
  type Argument,
  type Directive,
  type Document,
  type Fragment,
  type Operation,
  QueryError,
  type Selection,
  type Value,
  type Variable,
} from "./document.ts";
import { type Token, textOf, tokensOf } from "./tokens.ts";

/** How deep selections and values may lie within each other. */
export const mostDepth = 10;

/** Parses queries, mutations and fragments; subscriptions and definitions of types are refused. Errors: QueryError. */
export function parseQuery(text: string): Document {
  return new Parser(tokensOf(text)).document();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  document(): Document {
    const operations: Operation[] = [];
    const fragments = new Map<string, Fragment>();
    do {
      if (this.#peek("fragment")) {
        const fragment = this.#fragment();
        if (fragments.has(fragment.name)) {
          throw new QueryError(`There can be only one fragment named "${fragment.name}".`);
        }
        fragments.set(fragment.name, fragment);
      } else {
        operations.push(this.#operation());
      }
    } while (this.#next.kind !== "end");
    return { operations, fragments };
  }

  #operation(): Operation {
    if (this.#peek("{")) {
      return { type: "query", name: undefined, variables: [], selections: this.#selections(1) };
    }
    const type = this.#peek("mutation") ? "mutation" : "query";
    this.#take(type);
    const name = this.#next.kind === "name" ? this.#name() : undefined;
    const variables = this.#peek("(") ? this.#some("(", ")", () => this.#variable()) : [];
    this.#directives();
    return { type, name, variables, selections: this.#selections(1) };
  }

  #fragment(): Fragment {
    this.#take("fragment");
    const name = this.#name();
    this.#take("on");
    const on = this.#name();
    this.#directives();
    return { name, on, selections: this.#selections(1) };
  }

  #variable(): Variable {
    this.#take("$");
    const name = this.#name();
    this.#take(":");
    const required = this.#type(1);
    const fallback = this.#accept("=") ? this.#value(1) : undefined;
    this.#directives();
    return { name, required, fallback };
  }

  /** Whether a value must be given; what type it has is left to the field that takes it. */
  #type(depth: number): boolean {
    this.#checkDepth(depth);
    if (this.#accept("[")) {
      this.#type(depth + 1);
      this.#take("]");
    } else {
      this.#name();
    }
    return this.#accept("!");
  }

  #selections(depth: number): Selection[] {
    this.#checkDepth(depth);
    return this.#some("{", "}", () => this.#selection(depth));
  }

  #selection(depth: number): Selection {
    if (this.#accept("...")) {
      if (this.#next.kind === "name" && !this.#peek("on")) {
        return { kind: "spread", name: this.#name(), directives: this.#directives() };
      }
      const on = this.#accept("on") ? this.#name() : undefined;
      return { kind: "inline", on, directives: this.#directives(), selections: this.#selections(depth + 1) };
    }
    const first = this.#name();
    const [alias, name] = this.#accept(":") ? [first, this.#name()] : [undefined, first];
    return {
      kind: "field",
      name,
      alias,
      arguments: this.#arguments(depth),
      directives: this.#directives(),
      selections: this.#peek("{") ? this.#selections(depth + 1) : [],
    };
  }

  #directives(): Directive[] {
    const directives: Directive[] = [];
    while (this.#accept("@")) directives.push({ name: this.#name(), arguments: this.#arguments(1) });
    return directives;
  }

  #arguments(depth: number): Argument[] {
    return this.#peek("(") ? this.#some("(", ")", () => this.#argument(depth)) : [];
  }

  #argument(depth: number): Argument {
    const name = this.#name();
    this.#take(":");
    return { name, value: this.#value(depth) };
  }

  #value(depth: number): Value {
    this.#checkDepth(depth);
    if (this.#accept("$")) return { kind: "variable", name: this.#name() };
    if (this.#peek("[")) {
      return { kind: "list", items: this.#any("[", "]", () => this.#value(depth + 1)) };
    }
    if (this.#peek("{")) {
      return { kind: "object", fields: this.#any("{", "}", () => this.#argument(depth + 1)) };
    }
    const { kind, text } = this.#next;
    if (kind !== "string" && kind !== "number" && kind !== "name") throw this.#unexpected();
    this.#at++;
    if (kind === "string") return { kind: "plain", value: textOf(text) };
    if (kind === "number") return { kind: "plain", value: Number(text) };
    if (text === "true" || text === "false") return { kind: "plain", value: text === "true" };
    return { kind: "plain", value: text === "null" ? null : text };
  }

  #some<T>(open: string, close: string, item: () => T): T[] {
    const items = this.#any(open, close, item);
    if (items.length === 0) throw this.#unexpected();
    return items;
  }

  #any<T>(open: string, close: string, item: () => T): T[] {
    const items: T[] = [];
    this.#take(open);
    while (!this.#peek(close)) items.push(item());
    this.#take(close);
    return items;
  }

  #name(): string {
    const { kind, text } = this.#next;
    if (kind !== "name") throw this.#unexpected();
    this.#at++;
    return text;
  }

  #take(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected();
  }

  #accept(text: string): boolean {
    const found = this.#peek(text);
    if (found) this.#at++;
    return found;
  }

  #peek(text: string): boolean {
    const { kind } = this.#next;
    return this.#next.text === text && (kind === "name" || kind === "sign");
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "the end", at: 0 };
  }

  #checkDepth(depth: number): void {
    if (depth > mostDepth) throw new QueryError(`Query exceeds maximum depth of ${mostDepth}`);
  }

  #unexpected(): QueryError {
    const { text, at } = this.#next;
    return new QueryError(`Syntax Error: Unexpected ${text.slice(0, 50)} at ${at}.`);
  }
}
