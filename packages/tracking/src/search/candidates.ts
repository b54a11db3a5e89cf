import type { Clause } from "./clause.ts";
import { comparison, type Fragment, valueCondition } from "./compile.ts";
import type { Grammar } from "./grammar.ts";

/** The most characters of a param's or tag's value that its index by value takes (migration 010-values). */
const longestIndexed = 100;

/** The condition of that index, in its own words: without it the index is not used. */
export function isIndexed(alias: string): string {
  return `LENGTH(${alias}.value) <= ${longestIndexed}`;
}

/** The condition of the index of all other values, which holds no more than their keys. */
export function isLong(alias: string): string {
  return `LENGTH(${alias}.value) > ${longestIndexed}`;
}

/** The runs that may fulfil a clause, as indices give them: all that do are among them, and perhaps some that do not. */
export interface Candidates {
  /** SELECTs of numbers of runs, as `run`; together they give each once. */
  readonly selects: readonly Fragment[];
  /** Whether an index leads right to them; else all the values of the key are looked through. */
  readonly direct: boolean;
}

/** The candidates of a clause; undefined when no index gives them. `experiments` are numbers of ours. */
export function candidatesOf(
  clause: Clause,
  { grammar, experiments }: { grammar: Grammar; experiments: readonly number[] },
): Candidates | undefined {
  const { entity, key, comparator } = clause;
  if (entity === "attribute") return ofAttribute(clause, experiments, grammar.attributes[key]?.sql);
  if (entity === "dataset") return ofDataset(clause, experiments);
  const table = grammar.keyed[entity]?.table;
  if (table === undefined || comparator === "!=" || comparator === "IS NULL") return undefined;
  const select = (conditions: readonly Fragment[]) => ({
    sql: `SELECT c.run AS run FROM ${table} c WHERE ${["c.key = ?", ...conditions.map(({ sql }) => sql)].join(" AND ")}`,
    params: [key, ...conditions.flatMap(({ params }) => params)],
  });
  if (entity === "metric") {
    return { selects: [select([valueCondition("c", clause)])], direct: true };
  }
  const short = select([{ sql: isIndexed("c"), params: [] }, ...textConditions(clause)]);
  const long = select([{ sql: isLong("c"), params: [] }]);
  const floating = comparator === "ILIKE" || (comparator === "LIKE" && literalStart(clause.value) === "");
  const selects = comparator === "=" ? [isShort(clause.value) ? short : long] : [short, long];
  return { selects, direct: !floating };
}

/** Counted as the databases count: by characters, SQLite up to the first NUL. */
function isShort(value: Clause["value"]): boolean {
  return [...(String(value).split("\0", 1)[0] ?? "")].length <= longestIndexed;
}

/** All candidates, one after the other. */
export function selectOf({ selects }: Candidates): Fragment {
  return {
    sql: selects.map(({ sql }) => sql).join(" UNION ALL "),
    params: selects.flatMap(({ params }) => params),
  };
}

function ofAttribute(
  { comparator, value }: Clause,
  experiments: readonly number[],
  column: string | undefined,
): Candidates | undefined {
  const listed = column === "r.run_id" && (comparator === "=" || comparator === "IN");
  if (!listed && !(column === "r.status" && comparator === "=")) return undefined;
  const { sql, params } = comparison(column.replace("r.", "c."), comparator, value);
  const where = listed ? sql : `${among(experiments)} AND ${sql}`;
  const select = { sql: `SELECT c.id AS run FROM tracking_runs c WHERE ${where}`, params };
  return { selects: [select], direct: true };
}

/** An experiment has few datasets, so they are looked through; in what context one was used stands elsewhere. */
function ofDataset({ key, comparator, value }: Clause, experiments: readonly number[]): Candidates {
  const one = key === "context" ? undefined : comparison(`c.${key}`, comparator, value);
  const where = one ? `${among(experiments)} AND ${one.sql}` : among(experiments);
  const select = {
    sql: `SELECT DISTINCT i.run AS run FROM tracking_datasets c JOIN tracking_inputs i ON i.dataset = c.id
      WHERE ${where}`,
    params: one?.params ?? [],
  };
  return { selects: [select], direct: true };
}

function among(experiments: readonly number[]): string {
  return `c.experiment IN (${experiments.join(", ")})`;
}

/** The comparison, and the range of texts in which a pattern finds anything. */
function textConditions(clause: Clause): Fragment[] {
  const { comparator, value } = clause;
  if (comparator === "IS NOT NULL") return [];
  const own = valueCondition("c", clause);
  const start = comparator === "LIKE" ? literalStart(value) : "";
  if (start === "") return [own];
  const end = textAfter(start);
  const below = end === undefined ? [] : [{ sql: "c.value < ?", params: [end] }];
  return [{ sql: "c.value >= ?", params: [start] }, ...below, own];
}

/** What stands before the first wildcard of a pattern, NUL, where SQLite stops reading it, or half a pair. */
function literalStart(pattern: Clause["value"]): string {
  return String(pattern).split(/[%_\0\p{Surrogate}]/u, 1)[0] ?? "";
}

/** The least text that is larger than all that begin with this one; undefined when there is none. */
export function textAfter(start: string): string | undefined {
  const characters = [...start];
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = last.codePointAt(0) ?? 0;
    // Between them lie the halves of pairs, which are no characters.
    const next = code === 0xd7ff ? 0xe000 : code + 1;
    if (next <= 0x10ffff) return characters.join("") + String.fromCodePoint(next);
  }
  return undefined;
}
