import type { SqlValue, Statement } from "../statement.ts";
import type { Step } from "./pipeline.ts";
import { type Translated, toLike, translate } from "./translate.ts";
import { encode } from "./values.ts";

const keptAtMost = 1000;
const longestKept = 4000;
const kept = new Map<string, Translated>();

/** A statement without parameters, in PostgreSQL's own words. */
export function plain(sql: string): Step {
  return { sql, executions: [[]] };
}

/** The step of a statement; none when it has no executions. */
export function toSteps({ sql, params, rows }: Pick<Statement, "sql" | "params" | "rows">): Step[] {
  const executions = rows ?? [params ?? []];
  if (executions.length === 0) return [];
  const translated = inPostgres(sql);
  const patterns = new Set(translated.globs);
  const encoded = (value: SqlValue, i: number) => encode(patterns.has(i) ? toLike(String(value)) : value);
  return [{ sql: translated.sql, executions: executions.map((values) => values.map(encoded)) }];
}

/** Long texts are not kept, and the oldest leaves when there are too many: searches make SQL without end. */
function inPostgres(sql: string): Translated {
  const known = kept.get(sql);
  if (known) return known;
  const translated = translate(sql);
  if (sql.length > longestKept) return translated;
  kept.set(sql, translated);
  const [oldest] = kept.keys();
  if (kept.size > keptAtMost && oldest !== undefined) kept.delete(oldest);
  return translated;
}
