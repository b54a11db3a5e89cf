import { visibleExperiments } from "../access/visible.ts";
import type { Context, Page } from "../context.ts";
import { invalid } from "../refusal.ts";
import type { ViewType } from "../runs/run.ts";
import { lifecyclesOf } from "../runs/search-query.ts";
import type { Clause } from "../search/clause.ts";
import { addClauses, addOrders, assemble, type Parts } from "../search/compile.ts";
import { experimentGrammar } from "../search/grammar.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import { parseFilter } from "../search/parse-filter.ts";
import { parseOrders } from "../search/parse-order.ts";
import { type Experiment, type ExperimentRow, experimentColumns, parseExperimentId } from "./experiment.ts";
import { loadExperiments } from "./experiments.ts";

export interface ExperimentSearch {
  readonly filter?: string;
  readonly viewType?: ViewType;
  readonly maxResults: number;
  readonly orderBy?: readonly string[];
  readonly pageToken?: string | undefined;
}

/** Finds experiments; the newest first unless asked otherwise. */
export async function searchExperiments(
  context: Context,
  search: ExperimentSearch,
): Promise<Page<Experiment>> {
  const { store } = context;
  const { filter = "", viewType = "ACTIVE_ONLY", maxResults, orderBy = [] } = search;
  const clauses = parseFilter(filter, experimentGrammar).map(checkClause);
  const orders = parseOrders(orderBy, experimentGrammar);
  for (const { entity } of orders) {
    if (entity !== "attribute") throw invalid(`Invalid order_by entity: ${entity}`);
  }
  const offset = fromPageToken(search.pageToken);
  const parts: Parts = { joins: [], where: [], order: [] };
  parts.where.push({ sql: `e.lifecycle IN (${lifecyclesOf(viewType)})`, params: [] });
  parts.where.push(...visibleExperiments(context));
  addClauses(parts, clauses, { grammar: experimentGrammar });
  addOrders(parts, orders, experimentGrammar);
  if (orders.length === 0) parts.order.push("e.created_ms DESC", "e.id ASC");
  else if (!orders.some(({ key }) => key === "experiment_id")) parts.order.push("e.id DESC");
  const query = assemble(`SELECT ${experimentColumns} FROM tracking_experiments e`, parts, {
    sql: "LIMIT ? OFFSET ?",
    params: [maxResults + 1, offset],
  });
  const { rows, next } = toPage(await store.read<ExperimentRow>(query.sql, query.params), offset, maxResults);
  const items = await loadExperiments(store, rows);
  return next === undefined ? { items } : { items, nextPageToken: next };
}

function checkClause(clause: Clause): Clause {
  const { key, entity, comparator, value } = clause;
  if (entity !== "attribute") return clause;
  if (key === "experiment_id") {
    if (!["=", "!=", "IN", "NOT IN"].includes(comparator)) {
      throw invalid(`Invalid comparator for experiment_id: ${comparator}`);
    }
    const ids = Array.isArray(value) ? value : [value];
    const normal = ids.map((id) => String(parseExperimentId(String(id))));
    return { ...clause, value: Array.isArray(value) ? normal : (normal[0] ?? "") };
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw invalid(`Invalid value for numeric attribute '${key}': '${value}'`);
  }
  return clause;
}
