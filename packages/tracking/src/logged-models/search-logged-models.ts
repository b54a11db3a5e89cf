import { keepVisible } from "../access/visible.ts";
import type { Context, Page } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import { invalid } from "../refusal.ts";
import type { Clause } from "../search/clause.ts";
import { addClauses, assemble, comparison, type Fragment, type Parts } from "../search/compile.ts";
import { loggedModelGrammar } from "../search/grammar.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import { parseFilter } from "../search/parse-filter.ts";
import {
  type LoggedModel,
  type LoggedModelRow,
  loadLoggedModels,
  loggedModelColumns,
  modelStatuses,
} from "./logged-models.ts";

export interface DatasetFilter {
  readonly datasetName: string;
  readonly datasetDigest?: string | undefined;
}

export interface LoggedModelOrder {
  /** An attribute, or `metrics.<key>`. */
  readonly fieldName: string;
  readonly ascending: boolean;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

export interface LoggedModelSearch {
  readonly experimentIds: readonly string[];
  readonly filter?: string;
  readonly datasets?: readonly DatasetFilter[];
  readonly maxResults: number;
  readonly orderBy?: readonly LoggedModelOrder[];
  readonly pageToken?: string | undefined;
}

/** Finds logged models; the newest first unless asked otherwise. */
export async function searchLoggedModels(
  context: Context,
  search: LoggedModelSearch,
): Promise<Page<LoggedModel>> {
  const { experimentIds, filter = "", datasets = [], maxResults, orderBy = [] } = search;
  const clauses = parseFilter(filter, loggedModelGrammar).map(numberStatus);
  const offset = fromPageToken(search.pageToken);
  const experiments = (await keepVisible(context, experimentIds)).map(parseExperimentId);
  if (experiments.length === 0) return { items: [] };
  const parts: Parts = { joins: [], where: [], order: [] };
  parts.where.push({
    sql: `l.experiment IN (${experiments.join(", ")}) AND l.lifecycle = 'active'`,
    params: [],
  });
  addClauses(parts, clauses, { grammar: loggedModelGrammar });
  const metrics = clauses.filter(({ entity }) => entity === "metric");
  parts.where.push(...metrics.map((clause) => measured(datasets, clause)));
  if (datasets.length > 0 && metrics.length === 0) parts.where.push(measured(datasets));
  const orderParams = orderBy.flatMap((order) => addOrder(parts, order));
  parts.order.push("l.created_ms DESC", "l.model_id ASC");
  const query = assemble(`SELECT ${loggedModelColumns} FROM tracking_logged_models l`, parts, {
    sql: "LIMIT ? OFFSET ?",
    params: [...orderParams, maxResults + 1, offset],
  });
  const found = await context.store.read<LoggedModelRow>(query.sql, query.params);
  const { rows, next } = toPage(found, offset, maxResults);
  const items = await loadLoggedModels(context, rows);
  return next === undefined ? { items } : { items, nextPageToken: next };
}

/** Any point of the metric counts, on any of the datasets. */
function measured(datasets: readonly DatasetFilter[], clause?: Clause): Fragment {
  const conditions: Fragment[] = [];
  if (clause) {
    const value = comparison("x.value", clause.comparator, clause.value);
    const nan =
      clause.comparator === "!=" ? `(${value.sql} OR x.is_nan = 1)` : `${value.sql} AND x.is_nan = 0`;
    conditions.push({ sql: `x.key = ? AND ${nan}`, params: [clause.key, ...value.params] });
  }
  if (datasets.length > 0) {
    conditions.push({
      sql: `(${datasets.map(({ datasetDigest }) => `(x.dataset_name = ?${datasetDigest ? " AND x.dataset_digest = ?" : ""})`).join(" OR ")})`,
      params: datasets.flatMap(({ datasetName, datasetDigest }) =>
        datasetDigest ? [datasetName, datasetDigest] : [datasetName],
      ),
    });
  }
  return {
    sql: `EXISTS (SELECT 1 FROM tracking_logged_model_metrics x WHERE x.model_id = l.model_id
      AND ${conditions.map(({ sql }) => sql).join(" AND ")})`,
    params: conditions.flatMap(({ params }) => params),
  };
}

/** Adds an order and gives its parameters; a metric is ordered by its newest point. */
function addOrder(
  parts: Parts,
  { fieldName, ascending, datasetName, datasetDigest }: LoggedModelOrder,
): string[] {
  const direction = `${ascending ? "ASC" : "DESC"} NULLS LAST`;
  const dot = fieldName.indexOf(".");
  if (dot < 0) {
    const known = Object.hasOwn(loggedModelGrammar.attributes, fieldName);
    const sql = known ? loggedModelGrammar.attributes[fieldName]?.sql : undefined;
    if (sql === undefined) throw invalid(`Invalid order by field name: ${fieldName}`);
    parts.order.push(`${sql} ${direction}`);
    return [];
  }
  if (fieldName.slice(0, dot) !== "metrics") {
    throw invalid(`Invalid order by field name: ${fieldName}. Only metrics are supported.`);
  }
  const params = [fieldName.slice(dot + 1)];
  const conditions = ["x.key = ?"];
  for (const [column, value] of [
    ["dataset_name", datasetName],
    ["dataset_digest", datasetDigest],
  ]) {
    if (!value) continue;
    conditions.push(`x.${column} = ?`);
    params.push(value);
  }
  parts.order.push(
    `(SELECT CASE WHEN x.is_nan = 1 THEN NULL ELSE x.value END FROM tracking_logged_model_metrics x
      WHERE x.model_id = l.model_id AND ${conditions.join(" AND ")}
      ORDER BY x.timestamp_ms DESC, x.step DESC, x.run_id LIMIT 1) ${direction}`,
  );
  return params;
}

/** A status is written by name and stored by number. */
function numberStatus(clause: Clause): Clause {
  if (clause.entity !== "attribute" || clause.key !== "status") return clause;
  const name = String(clause.value).toUpperCase();
  const index = modelStatuses.findIndex((status) => status === name || status === `LOGGED_MODEL_${name}`);
  if (index < 0 || (clause.comparator !== "=" && clause.comparator !== "!=")) {
    throw invalid(
      `Invalid status '${clause.value}'. Compare with = or != to READY, PENDING or UPLOAD_FAILED.`,
    );
  }
  return { ...clause, value: index };
}
