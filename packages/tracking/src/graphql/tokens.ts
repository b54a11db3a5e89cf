import { QueryError } from "./document.ts";

export interface Token {
  readonly kind: "name" | "sign" | "number" | "string" | "end";
  readonly text: string;
  /** Characters before it. */
  readonly at: number;
}

/** Much longer than any query of a person or page. */
const longestQuery = 20_000;

const ignored = /(?:[\s,]|#[^\n\r]*)*/y;
const patterns: readonly (readonly [Exclude<Token["kind"], "end">, RegExp])[] = [
  ["name", /[_A-Za-z][_0-9A-Za-z]*/y],
  ["sign", /\.\.\.|[!$&()[\]{}:=@|]/y],
  ["number", /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y],
  ["string", /"""(?:[^"\\]|\\"""|\\|"(?!""))*"""|"(?!"")(?:[^"\\\n\r]|\\.)*"/y],
];

/** The words of a query (GraphQL specification, October 2021, section 2). Errors: QueryError. */
export function tokensOf(text: string): Token[] {
  if (text.length > longestQuery)
    throw new QueryError(`A query can have at most ${longestQuery} characters.`);
  const tokens: Token[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skip(text, at + token.text.length);
  }
  tokens.push({ kind: "end", text: "the end", at });
  return tokens;
}

function skip(text: string, at: number): number {
  ignored.lastIndex = at;
  return at + (ignored.exec(text)?.[0].length ?? 0);
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, at };
  }
  const shown = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw new QueryError(`Syntax Error: Unexpected character ${JSON.stringify(shown)} at ${at}.`);
}

/** The text that a string token stands for. */
export function textOf(token: string): string {
  if (token.startsWith('"""')) return token.slice(3, -3).replaceAll('\\"""', '"""').trim();
  try {
    return String(JSON.parse(token));
  } catch {
    throw new QueryError(`Syntax Error: Invalid string ${token.slice(0, 50)}.`);
  }
}
