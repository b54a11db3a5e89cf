import type { Context, Page } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import type { Clause } from "../search/clause.ts";
import { addClauses, addOrders, assemble, comparison, type Fragment, type Parts } from "../search/compile.ts";
import { runGrammar } from "../search/grammar.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import { parseFilter } from "../search/parse-filter.ts";
import { parseOrders } from "../search/parse-order.ts";
import { loadRuns } from "./load-runs.ts";
import { runNameTag } from "./log-batch.ts";
import { type Run, type RunRow, runColumns, type ViewType } from "./run.ts";

export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter?: string;
  readonly viewType?: ViewType;
  /** 1 to 50,000; default 1000. */
  readonly maxResults?: number;
  readonly orderBy?: readonly string[];
  readonly pageToken?: string | undefined;
}

/** Finds runs; the newest first unless asked otherwise, ties by run id. */
export async function searchRuns(context: Context, search: RunSearch): Promise<Page<Run>> {
  const { experimentIds, filter = "", viewType = "ACTIVE_ONLY", maxResults = 1000, orderBy = [] } = search;
  const clauses = parseFilter(filter, runGrammar);
  const orders = parseOrders(orderBy, runGrammar);
  const offset = fromPageToken(search.pageToken);
  const experiments = [...new Set(experimentIds.map(parseExperimentId))];
  if (experiments.length === 0) return { items: [] };

  const parts: Parts = { joins: [], where: [], order: [] };
  parts.where.push({ sql: `r.experiment IN (${experiments.join(", ")})`, params: [] });
  parts.where.push({ sql: `r.lifecycle IN (${lifecyclesOf(viewType)})`, params: [] });
  addClauses(parts, clauses.map(nameAsTag), runGrammar);
  parts.where.push(...clauses.filter(({ entity }) => entity === "dataset").map(datasetCondition));
  addOrders(parts, orders, runGrammar);
  if (!parts.order.some((one) => one.startsWith("r.start_ms ")))
    parts.order.push("r.start_ms DESC NULLS LAST");
  parts.order.push("r.run_id");

  const query = assemble(`SELECT ${runColumns} FROM tracking_runs r`, parts, {
    sql: "LIMIT ? OFFSET ?",
    params: [maxResults + 1, offset],
  });
  const found = await context.store.read<RunRow>(query.sql, query.params);
  const { rows, next } = toPage(found, offset, maxResults);
  const items = await loadRuns(context.store, rows);
  return next === undefined ? { items } : { items, nextPageToken: next };
}

export function lifecyclesOf(viewType: ViewType): string {
  if (viewType === "ALL") return "'active', 'deleted'";
  return viewType === "ACTIVE_ONLY" ? "'active'" : "'deleted'";
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
