/** What YAML 1.1 (Kubernetes, Docker) or 1.2 takes for something else than the text that it is. */
const MISREAD = /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?\.(?:inf|nan)|[-+]?\.?\d.*|\.[\d_.]*)$/i;

/** Text that stands as it is: it begins like no other thing, and holds nothing that ends it or begins a comment. */
const PLAIN = /^[A-Za-z0-9_/.$(](?:[\w./$(){}+*@%=,;<>"'~^\\| -]|:(?! |$)|#(?<! #))*$/;

/** Characters of texts of several lines; others are escaped, which only quoted text can. */
const PRINTABLE = /^[\t\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

export interface YamlOptions {
  /** Lines put in front as a comment; the empty one becomes an empty comment line. */
  readonly header?: readonly string[];
}

/**
 * Plain data as YAML, one document or several: the same data give the same bytes, in the order of their keys. Texts that
 * one of YAML's versions reads as a number, a truth value or nothing are quoted; texts of several lines are blocks; no
 * anchors, no folded lines. Keys whose value is undefined are left out. It writes what it was given in one pass: an
 * export of a thousand tasks has tens of thousands of lines.
 */
export function yamlText(documents: readonly unknown[], { header = [] }: YamlOptions = {}): string {
  const comment = header.map((line) => `#${line === "" ? "" : ` ${line}`}\n`).join("");
  return comment + documents.map(documentText).join("---\n");
}

function documentText(value: unknown): string {
  const out: string[] = [];
  if (isBlock(value)) writeBlock(value, { indent: "", begun: false }, out);
  else out.push(inline(value, ""), "\n");
  return out.join("");
}

type Block = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Whether it takes lines of its own. */
function isBlock(value: unknown): value is Block {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return Object.values(value).some((inner) => inner !== undefined);
}

/** `begun`: what stands before its first line is written already. */
function writeBlock(value: Block, { indent, begun }: Place, out: string[]): void {
  let first = begun;
  const begin = () => {
    if (!first) out.push(indent);
    first = false;
  };
  if (Array.isArray(value)) {
    for (const item of value) {
      begin();
      writeItem(item, indent, out);
    }
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    begin();
    writeEntry(key, inner, indent, out);
  }
}

interface Place {
  readonly indent: string;
  readonly begun: boolean;
}

/** Lists stand below the key that they belong to, not further in. */
function writeEntry(key: string, value: unknown, indent: string, out: string[]): void {
  out.push(quoted(key), ":");
  if (!isBlock(value)) {
    out.push(" ", inline(value, `${indent}  `), "\n");
    return;
  }
  out.push("\n");
  writeBlock(value, { indent: Array.isArray(value) ? indent : `${indent}  `, begun: false }, out);
}

/** What begins on the line of the dash goes on two further in. */
function writeItem(item: unknown, indent: string, out: string[]): void {
  const inner = `${indent}  `;
  out.push("- ");
  if (isBlock(item)) writeBlock(item, { indent: inner, begun: true }, out);
  else out.push(inline(item, inner), "\n");
}

/** Something on one line, or a text of several, whose lines begin with `indent`. */
function inline(value: unknown, indent: string): string {
  if (typeof value === "string") return blockText(value, indent) ?? quoted(value);
  if (Array.isArray(value)) return "[]";
  if (typeof value === "object" && value !== null) return "{}";
  return JSON.stringify(value ?? null);
}

/** undefined: it is of one line, or cannot be a block. */
function blockText(text: string, indent: string): string | undefined {
  const ended = text.endsWith("\n");
  const lines = (ended ? text.slice(0, -1) : text).split("\n");
  const [first = "", last] = [lines[0], lines.at(-1)];
  if (lines.length < 2 || last === "" || !/^[^\s]/.test(first)) return undefined;
  if (!lines.every((line) => PRINTABLE.test(line))) return undefined;
  return [ended ? "|" : "|-", ...lines.map((line) => (line === "" ? "" : indent + line))].join("\n");
}

/** Quoted where it would be read as something else. */
function quoted(text: string): string {
  if (PLAIN.test(text) && !MISREAD.test(text) && !text.endsWith(" ")) return text;
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
