/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of texts as an SQL literal. */
export function sqlTexts(texts: readonly string[]): string {
  return `[${texts.map(sqlText).join(", ")}]`;
}

/** A path that is one file, as DuckDB takes it where it would expand patterns. */
export function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, (character) => `[${character}]`);
}
