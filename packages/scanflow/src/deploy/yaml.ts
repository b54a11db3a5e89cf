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
  if (isBlock(value)) writeBlock(value, "", out);
  else out.push(inline(value, ""), "\n");
  return out.join("");
}

type Block = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Whether it takes lines of its own. */
function isBlock(value: unknown): value is Block {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : entriesOf(value).length > 0;
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, inner]) => inner !== undefined);
}

function writeBlock(value: Block, indent: string, out: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) writeItem(item, indent, out);
    return;
  }
  for (const [key, inner] of entriesOf(value)) {
    out.push(indent);
    writeEntry(key, inner, indent, out);
  }
}

/** Lists stand below the key that they belong to, not further in. */
function writeEntry(key: string, value: unknown, indent: string, out: string[]): void {
  out.push(quoted(key), ":");
  if (!isBlock(value)) {
    out.push(" ", inline(value, `${indent}  `), "\n");
    return;
  }
  out.push("\n");
  writeBlock(value, Array.isArray(value) ? indent : `${indent}  `, out);
}

/** What begins on the line of the dash goes on two further in. */
function writeItem(item: unknown, indent: string, out: string[]): void {
  const inner = `${indent}  `;
  out.push(indent, "- ");
  if (!isBlock(item)) {
    out.push(inline(item, inner), "\n");
    return;
  }
  const lines: string[] = [];
  writeBlock(item, inner, lines);
  // Its first line stands behind the dash.
  lines[0] = (lines[0] ?? "").slice(inner.length);
  for (const line of lines) out.push(line);
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
