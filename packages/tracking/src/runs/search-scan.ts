import { assemble, type Fragment } from "../search/compile.ts";
import type { SqlStore } from "../store/index.ts";
import type { RunRow } from "./run.ts";
import { lifecyclesOf, neededOf, type ParsedSearch, scanQuery } from "./search-query.ts";
import { timesOf } from "./search-survey.ts";

/** The runs that started last, or first: a condition that leaves no more than a known number of each experiment. */
export interface Window {
  readonly condition: readonly Fragment[];
  /** Whether no run at all is left out. */
  readonly complete: boolean;
}

/** Of more experiments than these a window costs more than it saves. */
const mostParts = 64;

/** The window of so many runs of each experiment and lifecycle stage; undefined when there are too many of them. */
export async function windowOf(
  store: SqlStore,
  parsed: ParsedSearch,
  { size, oldest = false }: { readonly size: number; readonly oldest?: boolean },
): Promise<Window | undefined> {
  const stages = lifecyclesOf(parsed.viewType).split(", ");
  const parts = parsed.experiments.flatMap((experiment) => stages.map((stage) => ({ experiment, stage })));
  if (parts.length > mostParts) return undefined;
  const times = timesOf(parsed);
  const present = oldest ? [{ sql: "r.start_ms IS NOT NULL", params: [] }] : [];
  const edges = await store.snapshot(
    parts.map(({ experiment, stage }) => {
      const own = { sql: `r.experiment = ${experiment} AND r.lifecycle = ${stage}`, params: [] };
      const order = [`r.start_ms ${oldest ? "ASC NULLS FIRST" : "DESC NULLS LAST"}`];
      const where = [own, ...times, ...present];
      const tail = { sql: "LIMIT 1 OFFSET ?", params: [size - 1] };
      return assembled("SELECT r.start_ms FROM tracking_runs r", where, { order, tail });
    }),
  );
  const starts = edges.flatMap(([row]) => (typeof row?.start_ms === "number" ? [row.start_ms] : []));
  if (starts.length === 0) return { condition: [], complete: true };
  const condition = oldest
    ? { sql: "r.start_ms <= ?", params: [starts.reduce((a, b) => Math.min(a, b))] }
    : { sql: "r.start_ms >= ?", params: [starts.reduce((a, b) => Math.max(a, b))] };
  return { condition: [condition], complete: false };
}

function assembled(
  head: string,
  where: readonly Fragment[],
  { order, tail }: { order: string[]; tail: Fragment },
): Fragment {
  return assemble(head, { joins: [], where: [...where], order }, tail);
}

/**
 * Looks at the runs that started last (or first, where that is asked for), in windows that grow; undefined when the
 * page is not full after the last. `looks`: how many runs it is expected to look at.
 */
export async function scan(
  store: SqlStore,
  parsed: ParsedSearch,
  looks: number,
): Promise<RunRow[] | undefined> {
  const oldest = parsed.orders[0]?.ascending ?? false;
  const least = Math.max(neededOf(parsed), Math.ceil(looks));
  for (const size of parsed.clauses.length === 0 ? [least] : [4 * least, 32 * least]) {
    const window = await windowOf(store, parsed, { size, oldest });
    if (!window) return undefined;
    const query = scanQuery(parsed, window.condition);
    const rows = await store.read<RunRow>(query.sql, query.params);
    if (rows.length === parsed.limit || window.complete) return rows;
  }
  return undefined;
}
