export type Token =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "name"; readonly value: string }
  | { readonly kind: "sign"; readonly value: string }
  | { readonly kind: "end"; readonly value: "" };

const PATTERN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\.\d)|\d+(?=\.\.))|(?<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<name>[A-Za-z_]\w*|#)|(?<sign>\?\?|\.\.|&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,;()[\]{}=]))/y;

/** The words of an expression of expr-lang, as far as our exports use the language. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const whole = text.trimEnd();
  for (let at = 0; at < whole.length; ) {
    PATTERN.lastIndex = at;
    const groups = PATTERN.exec(whole)?.groups;
    if (!groups) throw new Error(`"${text}" cannot be read from "${text.slice(at, at + 20)}" on`);
    at = PATTERN.lastIndex;
    if (groups.number !== undefined) tokens.push({ kind: "number", value: Number(groups.number) });
    else if (groups.string !== undefined) tokens.push({ kind: "string", value: unquoted(groups.string) });
    else if (groups.name !== undefined) tokens.push({ kind: "name", value: groups.name });
    else tokens.push({ kind: "sign", value: groups.sign ?? "" });
  }
  return [...tokens, { kind: "end", value: "" }];
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, sign: string) => {
    if (sign.length > 1) return String.fromCharCode(Number.parseInt(sign.slice(1), 16));
    return ESCAPES[sign] ?? sign;
  });
}
