import { invalid } from "../refusal.ts";
import type { SqlValue } from "../store/index.ts";
import type { Clause, Comparator, Order } from "./clause.ts";
import type { Grammar, Keyed } from "./grammar.ts";

/** Parts of a SELECT, each with its parameters in the order in which they stand. */
export interface Parts {
  readonly joins: Fragment[];
  readonly where: Fragment[];
  readonly order: string[];
}

export interface Fragment {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Clauses beyond these become subqueries: a statement can join 64 tables at most. */
const mostJoins = 12;
/** SQLite's own limit for a pattern is 50,000 bytes. */
const longestPattern = 10_000;

/** The condition of one comparison. Case counts for LIKE (GLOB says that in SQLite), not for ILIKE. */
export function comparison(column: string, comparator: Comparator, value: Clause["value"]): Fragment {
  if (comparator === "LIKE" || comparator === "ILIKE") {
    const pattern = String(value);
    if (pattern.length > longestPattern) throw invalid("The pattern of LIKE is too long.");
    if (comparator === "LIKE") return { sql: `${column} GLOB ?`, params: [toGlob(pattern)] };
    return { sql: `${column} LIKE ?`, params: [pattern] };
  }
  if (Array.isArray(value)) {
    if (value.length > 10_000) throw invalid(`${comparator} takes at most 10000 values.`);
    return { sql: `${column} ${comparator} (${value.map(() => "?").join(", ")})`, params: value };
  }
  // A column of whole numbers takes no other parameter, but compares with every number.
  const fraction = typeof value === "number" && !Number.isSafeInteger(value);
  const mark = fraction ? "CAST(? AS DOUBLE PRECISION)" : "?";
  return { sql: `${column} ${comparator} ${mark}`, params: [value as string | number] };
}

/** How to say that a row has a value: by a join, which the database may start from, or by a condition. */
export type Means = "join" | "condition";

/**
 * Adds the clauses on columns and on tables of keys and values to the parts. A clause never matches a row
 * that lacks the key, whatever the comparator; NaN differs from every number and compares with none.
 */
export function addClauses(
  parts: Parts,
  clauses: readonly Clause[],
  { grammar, means = "join" }: { grammar: Grammar; means?: Means },
): void {
  for (const clause of clauses) {
    if (clause.entity === "attribute") {
      const column = grammar.attributes[clause.key]?.sql ?? "NULL";
      parts.where.push(comparison(column, clause.comparator, clause.value));
    } else {
      const keyed = grammar.keyed[clause.entity];
      if (keyed) addKeyed(parts, clause, { ...keyed, means });
    }
  }
}

function addKeyed(parts: Parts, clause: Clause, { table, link, means }: Keyed & { means: Means }): void {
  const { key, comparator } = clause;
  const alias = `f${parts.joins.length + parts.where.length}`;
  const on = `${link(alias)} AND ${alias}.key = ?`;
  if (comparator === "IS NULL" || comparator === "IS NOT NULL") {
    const not = comparator === "IS NULL" ? "NOT " : "";
    parts.where.push({ sql: `${not}EXISTS (SELECT 1 FROM ${table} ${alias} WHERE ${on})`, params: [key] });
    return;
  }
  const condition = valueCondition(alias, clause);
  const params = [key, ...condition.params];
  if (means === "join" && parts.joins.length < mostJoins) {
    parts.joins.push({ sql: `JOIN ${table} ${alias} ON ${on} AND ${condition.sql}`, params });
  } else {
    // The offset keeps PostgreSQL from making a join of it, which would not stop early.
    const stay = means === "condition" ? " LIMIT 1 OFFSET 0" : "";
    const sql = `EXISTS (SELECT 1 FROM ${table} ${alias} WHERE ${on} AND ${condition.sql}${stay})`;
    parts.where.push({ sql, params });
  }
}

/** The condition on the value of a row of keys and values. */
export function valueCondition(alias: string, { entity, comparator, value }: Clause): Fragment {
  const { sql, params } = comparison(`${alias}.value`, comparator, value);
  if (entity !== "metric") return { sql, params };
  if (comparator === "!=") return { sql: `(${sql} OR ${alias}.is_nan = 1)`, params };
  return { sql: `${sql} AND ${alias}.is_nan = 0`, params };
}

/** Adds the orders: what lacks the value comes last in either direction, NaN just before that. */
export function addOrders(parts: Parts, orders: readonly Order[], grammar: Grammar): void {
  for (const { entity, key, ascending } of orders) {
    const direction = `${ascending ? "ASC" : "DESC"} NULLS LAST`;
    if (entity === "attribute") {
      const attribute = grammar.attributes[key];
      parts.order.push(`${attribute?.orderSql ?? attribute?.sql ?? "NULL"} ${direction}`);
      continue;
    }
    const keyed = grammar.keyed[entity];
    if (!keyed) throw invalid(`Invalid order_by entity: ${entity}`);
    const alias = `o${parts.joins.length}`;
    parts.joins.push({
      sql: `LEFT JOIN ${keyed.table} ${alias} ON ${keyed.link(alias)} AND ${alias}.key = ?`,
      params: [key],
    });
    if (entity === "metric") {
      parts.order.push(`CASE WHEN ${alias}.is_nan = 1 THEN 1 WHEN ${alias}.is_nan IS NULL THEN 2 ELSE 0 END`);
    }
    parts.order.push(`${alias}.value ${direction}`);
  }
}

/** The SELECT of the parts, and all parameters in the order of the text. */
export function assemble(head: string, { joins, where, order }: Parts, tail: Fragment): Fragment {
  const sql = [
    head,
    ...joins.map((join) => join.sql),
    ...(where.length > 0 ? [`WHERE ${where.map((one) => one.sql).join(" AND ")}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(", ")}`] : []),
    tail.sql,
  ].join("\n");
  return { sql, params: [...joins, ...where, tail].flatMap(({ params }) => params) };
}

/** `%` is any text and `_` any character in LIKE; GLOB writes them `*` and `?`, and takes no escapes. */
function toGlob(pattern: string): string {
  return pattern.replace(/[*?[]/g, "[$&]").replaceAll("%", "*").replaceAll("_", "?");
}
