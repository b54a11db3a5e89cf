import { keepVisible } from "../access/visible.ts";
import type { Context, Page } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import { runGrammar } from "../search/grammar.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import { parseFilter } from "../search/parse-filter.ts";
import { parseOrders } from "../search/parse-order.ts";
import { loadRuns } from "./load-runs.ts";
import type { Run, ViewType } from "./run.ts";
import { findRows, type Tuning } from "./search-plan.ts";
import type { ParsedSearch } from "./search-query.ts";

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
  tuning: Tuning = {},
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
  const { rows, next } = toPage(await findRows(context.store, parsed, tuning), parsed.offset, maxResults);
  const items = await loadRuns(context.store, rows);
  return next === undefined ? { items } : { items, nextPageToken: next };
}
