import { type Token, tokensOf } from "./tokens.ts";

/**
 * What a module's source imports, in order: static imports and re-exports, and `import()`, `require()`,
 * `import.meta.resolve()` and `new URL(…, import.meta.url)` of a literal. Imports of types only are left out, since
 * they are erased.
 */
export function importSpecifiers(source: string): string[] {
  const tokens = tokensOf(source);
  const found: string[] = [];
  tokens.forEach(({ kind }, at) => {
    if (kind !== "word") return;
    const specifier = specifierAt(tokens, at);
    // An escape in a specifier is legal and never seen.
    if (specifier !== undefined && !specifier.includes("\\")) found.push(specifier);
  });
  return found;
}

function specifierAt(tokens: readonly Token[], at: number): string | undefined {
  if (textAt(tokens, at - 1) === "." && textAt(tokens, at) !== "resolve") return undefined;
  switch (textAt(tokens, at)) {
    case "import":
      return argument(tokens, at) ?? stringAt(tokens, at + 1) ?? fromClause(tokens, at);
    case "export":
      return fromClause(tokens, at);
    case "require":
      return argument(tokens, at);
    case "resolve":
      return endsWith(tokens, at, ["import", ".", "meta", "."]) ? argument(tokens, at) : undefined;
    case "URL":
      return startsWith(tokens, at + 3, [",", "import", ".", "meta", ".", "url"])
        ? argument(tokens, at)
        : undefined;
    default:
      return undefined;
  }
}

/** The literal that is the first argument of a call. */
function argument(tokens: readonly Token[], at: number): string | undefined {
  return textAt(tokens, at + 1) === "(" ? stringAt(tokens, at + 2) : undefined;
}

/** What follows `from` in an import or export that is not of types only. */
function fromClause(tokens: readonly Token[], at: number): string | undefined {
  if (isTypeOnly(tokens, at)) return undefined;
  let braces = 0;
  for (let next = at + 1; next < tokens.length; next++) {
    const token = tokens[next];
    if (token?.text === "from" && token.kind === "word" && braces === 0) {
      const specifier = stringAt(tokens, next + 1);
      if (specifier !== undefined) return specifier;
    }
    if (token?.text === "{" && token.kind === "punctuation") braces++;
    else if (token?.text === "}" && token.kind === "punctuation") braces--;
    else if (!isClausePart(token)) return undefined;
    // `export { a }` without `from`, or the end of a declaration.
    if (braces < 0 || (braces === 0 && token?.text === "}" && textAt(tokens, next + 1) !== "from")) {
      return undefined;
    }
  }
  return undefined;
}

function isClausePart(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return token.kind === "word" || token.kind === "string" || token.text === "," || token.text === "*";
}

/** `import type …`, but not `import type from …`, which imports a default named so. */
function isTypeOnly(tokens: readonly Token[], at: number): boolean {
  if (textAt(tokens, at + 1) !== "type") return false;
  const next = tokens[at + 2];
  if (next?.text === "{" || next?.text === "*") return true;
  if (next?.kind !== "word") return false;
  return next.text !== "from" || textAt(tokens, at + 3) === "from";
}

function startsWith(tokens: readonly Token[], at: number, texts: readonly string[]): boolean {
  return texts.every((text, index) => textAt(tokens, at + index) === text);
}

function endsWith(tokens: readonly Token[], at: number, texts: readonly string[]): boolean {
  return startsWith(tokens, at - texts.length, texts);
}

function textAt(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === "string" ? undefined : token?.text;
}

function stringAt(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === "string" ? token.text : undefined;
}
