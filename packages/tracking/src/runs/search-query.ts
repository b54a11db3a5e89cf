import type { Clause, Order } from "../search/clause.ts";
import {
  addClauses,
  addOrders,
  assemble,
  comparison,
  type Fragment,
  type Parts,
  valueCondition,
} from "../search/compile.ts";
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

/**
 * Ways to the same answer. `join` lets the database start from whatever is rarest; `scan` goes through the
 * runs as they started, and `walk` through the values of the metric that is ordered by: both stop early.
 */
export type Plan = "join" | "scan" | "walk";

/** The SELECT of a search. A walk leaves out the runs without a number to order by. */
export function runQuery(parsed: ParsedSearch, plan: Plan): Fragment {
  const { experiments, clauses, viewType, limit, offset } = parsed;
  const [first] = parsed.orders;
  const walked = plan === "walk" ? first : undefined;
  const parts: Parts = { joins: [], where: [], order: [] };
  if (walked) {
    parts.joins.push({ sql: "JOIN tracking_runs r ON r.id = walked.run", params: [] });
    parts.where.push({ sql: "walked.key = ? AND walked.is_nan = 0", params: [walked.key] });
    parts.order.push(`walked.value ${walked.ascending ? "ASC" : "DESC"}`);
  }
  // The sign keeps SQLite from starting with the index of runs.
  parts.where.push({ sql: `${walked ? "+" : ""}r.experiment IN (${experiments.join(", ")})`, params: [] });
  parts.where.push({ sql: `r.lifecycle IN (${lifecyclesOf(viewType)})`, params: [] });
  const means = plan === "join" ? "join" : "condition";
  // What a walk passes by is tested before its run is fetched.
  const grammar = walked ? linkedTo("walked.run") : runGrammar;
  const [within, beside] = apart(clauses, (clause) => walked !== undefined && comparesOrder(clause, walked));
  parts.where.push(...within.map((clause) => valueCondition("walked", clause)));
  addClauses(parts, beside.map(nameAsTag), { grammar, means });
  parts.where.push(...clauses.filter(({ entity }) => entity === "dataset").map(datasetCondition));
  addOrders(parts, walked ? parsed.orders.slice(1) : parsed.orders, runGrammar);
  if (!parts.order.some((one) => one.startsWith("r.start_ms "))) {
    parts.order.push("r.start_ms DESC NULLS LAST");
  }
  parts.order.push("r.run_id");
  const from = walked ? "tracking_latest_metrics walked" : "tracking_runs r";
  const tail = { sql: "LIMIT ? OFFSET ?", params: [limit, offset] };
  return assemble(`SELECT ${runColumns} FROM ${from}`, parts, tail);
}

export function lifecyclesOf(viewType: ViewType): string {
  if (viewType === "ALL") return "'active', 'deleted'";
  return viewType === "ACTIVE_ONLY" ? "'active'" : "'deleted'";
}

/** Whether a clause compares the metric that is ordered by: it then bounds what a walk passes by. */
export function comparesOrder({ entity, key, comparator }: Clause, order: Order): boolean {
  const compares = comparator !== "IS NULL" && comparator !== "IS NOT NULL";
  return compares && entity === "metric" && order.entity === "metric" && key === order.key;
}

function apart<T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((one) => !test(one))];
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
function nameAsTag(clause: Clause): Clause {
  if (clause.entity !== "attribute" || runGrammar.attributes[clause.key]?.sql !== "r.name") return clause;
  return { ...clause, entity: "tag", key: runNameTag };
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
