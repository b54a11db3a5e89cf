import { quantityOf } from "./quantity.ts";
import type { Span } from "./spans.ts";
import { quoted } from "./values.ts";

export type Token = Span &
  (
    | { readonly type: "number"; readonly value: number }
    | { readonly type: "string"; readonly value: string }
    | { readonly type: "word"; readonly text: string }
    | { readonly type: "symbol"; readonly text: string }
    | { readonly type: "end" }
    /** Not a token; reported only when the grammar comes to need it. */
    | { readonly type: "invalid"; readonly found: string; readonly expected: string; readonly hint: string }
  );

const SPACE = /\s*/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\w*/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[<>+\-*/%()[\]{},.:!]/y;
const STRING_PART = /[^"'\\\n]+|["']|\\u[0-9a-fA-F]{4}|\\[\\"'/bfnrt]/y;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** What the sticky pattern matches at the offset; "" when nothing. */
export function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? "";
}

/** The first offset from here on that is not white space. */
export function skipSpace(text: string, offset: number): number {
  return offset + matchAt(SPACE, text, offset).length;
}

/** The token that starts at or behind the offset. */
export function readToken(text: string, offset: number): Token {
  const start = skipSpace(text, offset);
  const first = text[start];
  if (first === undefined) return { type: "end", start, end: start };
  if (first === '"' || first === "'") return readString(text, start, first);
  const word = matchAt(WORD, text, start);
  if (word) return { type: "word", text: word, start, end: start + word.length };
  const number = matchAt(NUMBER, text, start);
  if (number) return numberToken(number, start);
  const symbol = matchAt(SYMBOL, text, start);
  if (symbol) return { type: "symbol", text: symbol, start, end: start + symbol.length };
  return strayToken(text, start);
}

function numberToken(text: string, start: number): Token {
  const end = start + text.length;
  const value = quantityOf(text);
  if (value !== undefined) return { type: "number", value, start, end };
  return {
    type: "invalid",
    found: quoted(text),
    expected: "a number or a byte size such as 16GiB",
    hint: "Write a number, a byte size with one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, or quote it if it is a string.",
    start,
    end,
  };
}

function strayToken(text: string, start: number): Token {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const hints: Record<string, string> = {
    "=": "Write == to compare.",
    "&": "Write and.",
    "|": "Write or.",
  };
  return {
    type: "invalid",
    found: quoted(character),
    expected: "an operator, a value or the end",
    hint: hints[character] ?? "Remove the character, or quote it if it belongs to a string.",
    start,
    end: start + character.length,
  };
}

function readString(text: string, start: number, quote: string): Token {
  let value = "";
  let offset = start + 1;
  for (;;) {
    const part = matchAt(STRING_PART, text, offset);
    if (part === "") return brokenString(text, start, offset);
    offset += part.length;
    if (part === quote) return { type: "string", value, start, end: offset };
    value += part.startsWith("\\") ? unescaped(part) : part;
  }
}

function unescaped(part: string): string {
  const name = part.charAt(1);
  if (name === "u") return String.fromCharCode(Number.parseInt(part.slice(2), 16));
  return ESCAPES[name] ?? name;
}

function brokenString(text: string, start: number, offset: number): Token {
  const badEscape = text[offset] === "\\" && offset + 1 < text.length;
  return {
    type: "invalid",
    found: badEscape ? quoted(text.slice(offset, offset + 2)) : "a string that does not end on its line",
    expected: badEscape
      ? "one of the escapes \\\\ \\\" \\' \\/ \\b \\f \\n \\r \\t \\uXXXX"
      : "a closing quote",
    hint: badEscape ? "Write \\\\ for a backslash." : "Close the string with the quote that opened it.",
    start: badEscape ? offset : start,
    end: text.length,
  };
}
