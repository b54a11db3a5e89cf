import { type Candidates, selectOf } from "../search/candidates.ts";
import type { Clause, Order } from "../search/clause.ts";
import { addClauses, addOrders, assemble, comparison, type Fragment, type Parts } from "../search/compile.ts";
import { type Grammar, runGrammar } from "../search/grammar.ts";
import { runNameTag } from "./log-batch.ts";
import { runColumns, type ViewType } from "./run.ts";

export interface ParsedSearch {
  readonly experiments: readonly number[];
  readonly clauses: readonly Clause[];
  readonly orders: readonly Order[];
  readonly viewType: ViewType;
  readonly limit: number;
  readonly offset: number;
}

/** How many runs are to be found: those of the page and those before it. */
export function neededOf({ limit, offset }: ParsedSearch): number {
  return limit + offset;
}

/** The SELECT of a search that the database goes about as it likes. */
export function wholeQuery(parsed: ParsedSearch): Fragment {
  const parts: Parts = { joins: [], where: scopeOf(parsed), order: [] };
  addClauses(parts, parsed.clauses.map(nameAsTag), { grammar: runGrammar, means: "join" });
  parts.where.push(...datasetConditions(parsed));
  return ordered(`SELECT ${runColumns} FROM tracking_runs r`, parts, parsed);
}

/** Looks at the candidates of one clause that are also among those of others. */
export function gatherQuery(
  parsed: ParsedSearch,
  candidates: Candidates,
  others: readonly Candidates[] = [],
): Fragment {
  const picked = selectOf(candidates);
  // The words CROSS JOIN keep SQLite from starting with the runs.
  const joins = [{ sql: `FROM (${picked.sql}) picked CROSS JOIN tracking_runs r`, params: picked.params }];
  const among = others.map(selectOf).map(({ sql, params }) => ({ sql: `picked.run IN (${sql})`, params }));
  const link = { sql: "r.id = picked.run", params: [] };
  const conditions = [...among, link, ...scopeOf(parsed), ...conditionsOf(parsed, "picked.run")];
  const { sql, params } = ordered(`SELECT ${runColumns}`, { joins, where: conditions, order: [] }, parsed);
  // The sum keeps PostgreSQL from going through the index of runs for the sake of their order.
  return { sql: sql.replaceAll(/\br\.start_ms (?=ASC|DESC)/g, "r.start_ms + 0 "), params };
}

/** Goes through the runs as they started, and stops early; `more` are conditions beside those of the search. */
export function scanQuery(parsed: ParsedSearch, more: readonly Fragment[]): Fragment {
  const where = [...scopeOf(parsed), ...more, ...conditionsOf(parsed)];
  return ordered(`SELECT ${runColumns} FROM tracking_runs r`, { joins: [], where, order: [] }, parsed);
}

/** Adds the orders, and the page; `before` are orders that come first, in SQL. */
export function ordered(
  head: string,
  parts: Parts,
  { orders, limit, offset }: Pick<ParsedSearch, "orders" | "limit" | "offset">,
): Fragment {
  addOrders(parts, orders, runGrammar);
  if (!parts.order.some((one) => one.startsWith("r.start_ms "))) {
    parts.order.push("r.start_ms DESC NULLS LAST");
  }
  parts.order.push("r.run_id");
  return assemble(head, parts, { sql: "LIMIT ? OFFSET ?", params: [limit, offset] });
}

/** The conditions that say in which experiments and lifecycle stages to search. */
export function scopeOf({ experiments, viewType }: ParsedSearch): Fragment[] {
  return [
    { sql: `r.experiment IN (${experiments.join(", ")})`, params: [] },
    { sql: `r.lifecycle IN (${lifecyclesOf(viewType)})`, params: [] },
  ];
}

export function lifecyclesOf(viewType: ViewType): string {
  if (viewType === "ALL") return "'active', 'deleted'";
  return viewType === "ACTIVE_ONLY" ? "'active'" : "'deleted'";
}

/** What the clauses say of one run, whose number is in the column `run`. */
export function conditionsOf(parsed: Pick<ParsedSearch, "clauses">, run = "r.id"): Fragment[] {
  const parts: Parts = { joins: [], where: [], order: [] };
  addClauses(parts, parsed.clauses.map(nameAsTag), { grammar: linkedTo(run), means: "condition" });
  return [...parts.where, ...datasetConditions(parsed)];
}

/** The same words about the run whose number is in this column. */
function linkedTo(run: string): Grammar {
  const keyed = Object.entries(runGrammar.keyed).map(([entity, { table }]) => [
    entity,
    { table, link: (alias: string) => `${alias}.run = ${run}` },
  ]);
  return { ...runGrammar, keyed: Object.fromEntries(keyed) };
}

/** The name of a run is searched in its tag, which clients can set and delete by itself. */
export function nameAsTag(clause: Clause): Clause {
  if (clause.entity !== "attribute" || runGrammar.attributes[clause.key]?.sql !== "r.name") return clause;
  return { ...clause, entity: "tag", key: runNameTag };
}

function datasetConditions({ clauses }: Pick<ParsedSearch, "clauses">): Fragment[] {
  return clauses.filter(({ entity }) => entity === "dataset").map(datasetCondition);
}

function datasetCondition({ key, comparator, value }: Clause): Fragment {
  const column = key === "context" ? "t.value" : `d.${key === "name" ? "name" : "digest"}`;
  const condition = comparison(column, comparator, value);
  const tags =
    key === "context"
      ? "JOIN tracking_input_tags t ON t.run = i.run AND t.dataset = i.dataset AND t.key = 'mlflow.data.context'"
      : "";
  return {
    sql: `EXISTS (SELECT 1 FROM tracking_inputs i JOIN tracking_datasets d ON d.id = i.dataset ${tags}
      WHERE i.run = r.id AND ${condition.sql})`,
    params: condition.params,
  };
}
