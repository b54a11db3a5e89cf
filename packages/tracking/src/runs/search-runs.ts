import { keepVisible } from "../access/visible.ts";
import type { Context, Page } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import { runGrammar } from "../search/grammar.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import { parseFilter } from "../search/parse-filter.ts";
import { parseOrders } from "../search/parse-order.ts";
import { loadRuns } from "./load-runs.ts";
import type { Run, RunRow, ViewType } from "./run.ts";
import { choosePlan, type Tuning } from "./search-plan.ts";
import { type ParsedSearch, runQuery } from "./search-query.ts";

export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter?: string;
  readonly viewType?: ViewType;
  /** 1 to 50,000; default 1000. */
  readonly maxResults?: number;
  readonly orderBy?: readonly string[];
  readonly pageToken?: string | undefined;
}

/**
 * Finds runs; the newest first unless asked otherwise, ties by run id.
 * Errors: SCANFLOW_TRACKING_INVALID for a filter, order or page token that cannot be read.
 */
export async function searchRuns(
  context: Context,
  search: RunSearch,
  tuning: Tuning = "counted",
): Promise<Page<Run>> {
  const { experimentIds, filter = "", viewType = "ACTIVE_ONLY", maxResults = 1000, orderBy = [] } = search;
  const parsed: ParsedSearch = {
    experiments: [...new Set((await keepVisible(context, experimentIds)).map(parseExperimentId))],
    clauses: parseFilter(filter, runGrammar),
    orders: parseOrders(orderBy, runGrammar),
    viewType,
    limit: maxResults + 1,
    offset: fromPageToken(search.pageToken),
  };
  if (parsed.experiments.length === 0) return { items: [] };
  const { rows, next } = toPage(await find(context, parsed, tuning), parsed.offset, maxResults);
  const items = await loadRuns(context.store, rows);
  return next === undefined ? { items } : { items, nextPageToken: next };
}

async function find({ store }: Context, parsed: ParsedSearch, tuning: Tuning): Promise<RunRow[]> {
  const plan = await choosePlan(store, parsed, tuning);
  const query = runQuery(parsed, plan);
  const rows = await store.read<RunRow>(query.sql, query.params);
  // A walk sees only runs that have the metric; on the last pages the others follow.
  if (plan !== "walk" || rows.length === parsed.limit) return rows;
  const whole = runQuery(parsed, "join");
  return store.read<RunRow>(whole.sql, whole.params);
}
