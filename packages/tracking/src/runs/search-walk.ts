import { isIndexed, isLong } from "../search/candidates.ts";
import type { Clause, Order } from "../search/clause.ts";
import { assemble, type Fragment, type Parts, valueCondition } from "../search/compile.ts";
import { runGrammar } from "../search/grammar.ts";
import type { SqlStore, SqlValue } from "../store/index.ts";
import { type RunRow, runColumns } from "./run.ts";
import { conditionsOf, neededOf, ordered, type ParsedSearch, scanQuery, scopeOf } from "./search-query.ts";
import { windowOf } from "./search-scan.ts";

/** How far a walk goes before it gives up. */
export interface WalkBounds {
  /** Values of the key that is ordered by. */
  readonly entries: number;
  /** Runs with the same value that are sorted; of more, those that come first are looked for among the newest runs. */
  readonly ties: number;
  /** How many of the newest runs are looked at for those. */
  readonly newest: number;
  /** How many of the newest runs are looked at for such as lack the value. */
  readonly newestLacking: number;
}

/** More rows than these are not fetched to leave most of them out. */
export const mostWalked = 20_000;

/**
 * Goes through the values of the metric, param or tag that is ordered by, in their order, up to the last value of the
 * page: what comes before it is sorted, and of the runs that share it those that come first are looked for. Where fewer
 * runs have the value than are needed, the others follow. Undefined when the bounds are reached.
 */
export async function walk(
  store: SqlStore,
  parsed: ParsedSearch,
  bounds: WalkBounds,
): Promise<RunRow[] | undefined> {
  const [first] = parsed.orders;
  if (!first || neededOf(parsed) > mostWalked) return undefined;
  const path = new Path(parsed, first);
  const [last, long] = await store.snapshot([path.last(bounds.entries), ...path.longValues()]);
  if (long && long.length > 0) return undefined;
  const bound = last?.[0]?.v;
  const within = bound === undefined ? [] : [path.compared(first.ascending ? "<=" : ">=", bound)];
  const [edges] = await store.snapshot([path.edge(within)]);
  const edge = edges?.[0]?.v;
  if (edge === undefined) {
    if (bound !== undefined) return undefined;
    return path.isRequired ? path.take(store, [path.valued()], true) : withLacking(store, path, bounds);
  }
  const [same] = await store.snapshot([path.count(bounds.ties + 1, path.compared("=", edge))]);
  const many = Number(same?.[0]?.n) > bounds.ties;
  const found = many ? await withTies(store, path, { edge, newest: bounds.newest }) : undefined;
  if (found) return found;
  return path.take(store, [path.valued([path.compared(first.ascending ? "<=" : ">=", edge)])]);
}

async function withTies(
  store: SqlStore,
  path: Path,
  { edge, newest }: { edge: SqlValue; newest: number },
): Promise<RunRow[] | undefined> {
  const { parsed, first } = path;
  if (!path.byStartNext) return undefined;
  const window = await windowOf(store, parsed, { size: newest });
  if (!window) return undefined;
  const before = path.valued([path.compared(first.ascending ? "<" : ">", edge)]);
  const alike = path.unordered([...window.condition, path.hasKey("", [path.exactly(edge)])]);
  return path.take(store, [before, alike]);
}

/** Few runs have the value: all of them, then those whose value is no number, then those without one. */
async function withLacking(
  store: SqlStore,
  path: Path,
  { newestLacking }: WalkBounds,
): Promise<RunRow[] | undefined> {
  if (!path.byStartNext) return undefined;
  const window = await windowOf(store, path.parsed, { size: newestLacking });
  if (!window) return undefined;
  const lacking = path.unordered([...window.condition, path.hasKey("NOT ", [])]);
  return path.take(store, [path.valued(), ...path.notNumbers(), lacking], window.complete);
}

/** The SQL of one walk; `w` is the table of the values. */
class Path {
  readonly parsed: ParsedSearch;
  readonly first: Order;
  readonly #table: string;
  readonly #own: readonly Fragment[];
  readonly #beside: readonly Clause[];
  readonly #isMetric: boolean;

  constructor(parsed: ParsedSearch, first: Order) {
    this.parsed = parsed;
    this.first = first;
    this.#isMetric = first.entity === "metric";
    this.#table = runGrammar.keyed[first.entity]?.table ?? "";
    const within = parsed.clauses.filter((clause) => comparesOrder(clause, first));
    this.#beside = parsed.clauses.filter((clause) => !within.includes(clause));
    const indexed = this.#isMetric ? "w.is_nan = 0" : isIndexed("w");
    this.#own = [
      { sql: `w.key = ? AND ${indexed}`, params: [first.key] },
      ...within.map((clause) => valueCondition("w", clause)),
    ];
  }

  /** Whether a clause already asks for the value, so that no run without one is found. */
  get isRequired(): boolean {
    return this.#beside.length < this.parsed.clauses.length;
  }

  /** Whether what has the same value is in the order of the start, the newest first. */
  get byStartNext(): boolean {
    const [, next] = this.parsed.orders;
    return next === undefined || (isStart(next) && !next.ascending);
  }

  compared(comparator: string, value: SqlValue): Fragment {
    return { sql: `w.value ${comparator} ?`, params: [value] };
  }

  exactly(value: SqlValue): Fragment {
    return { sql: `w.value = ?${this.#isMetric ? " AND w.is_nan = 0" : ""}`, params: [value] };
  }

  /** The value that so many come before. */
  last(entries: number): Fragment {
    return this.#values(`SELECT w.value AS v`, {
      order: [`w.value ${this.#direction}`],
      tail: { sql: "LIMIT 1 OFFSET ?", params: [entries] },
    });
  }

  /** The last value of the page. */
  edge(within: readonly Fragment[]): Fragment {
    const order = [`w.value ${this.#direction}`];
    const tail = { sql: "LIMIT 1 OFFSET ?", params: [neededOf(this.parsed) - 1] };
    const parts = this.#joined([...this.#own, ...within]);
    return assemble(`SELECT w.value AS v`, { ...parts, order }, tail);
  }

  /** How many runs have such a value, counted no further than asked. */
  count(atMost: number, such: Fragment): Fragment {
    const tail = { sql: "LIMIT ?", params: [atMost] };
    const { sql, params } = this.#values("SELECT 1", { more: [such], tail });
    return { sql: `SELECT COUNT(*) AS n FROM (${sql}) counted`, params };
  }

  /** Runs with a number or text as their value, in order. */
  valued(more: readonly Fragment[] = []): Fragment {
    return this.#runs([...this.#own, ...more], [`w.value ${this.#direction}`]);
  }

  /** Whether there are values that are too long for a walk: a row, if so. */
  longValues(): Fragment[] {
    if (this.#isMetric) return [];
    const where = `w.key = ? AND ${isLong("w")}`;
    return [
      { sql: `SELECT 1 AS found FROM ${this.#table} w WHERE ${where} LIMIT 1`, params: [this.first.key] },
    ];
  }

  notNumbers(): Fragment[] {
    if (!this.#isMetric) return [];
    const own = { sql: "w.key = ? AND w.value = 0 AND w.is_nan = 1", params: [this.first.key] };
    return [this.#runs([own], [])];
  }

  /** Runs in the order of their start. */
  unordered(more: readonly Fragment[]): Fragment {
    return scanQuery(this.#page(), more);
  }

  hasKey(not: "" | "NOT ", more: readonly Fragment[]): Fragment {
    const all = [{ sql: "w.run = r.id AND w.key = ?", params: [this.first.key] }, ...more];
    const where = all.map(({ sql }) => sql).join(" AND ");
    return {
      sql: `${not}EXISTS (SELECT 1 FROM ${this.#table} w WHERE ${where} LIMIT 1 OFFSET 0)`,
      params: all.flatMap(({ params }) => params),
    };
  }

  /** What the parts give one after the other, from the page's first on; undefined when it is less than the page. */
  async take(store: SqlStore, parts: readonly Fragment[], isAll = false): Promise<RunRow[] | undefined> {
    const long = this.longValues();
    const found = await store.snapshot([...long, ...parts]);
    // Such a value may have come since the walk began.
    if (found.splice(0, long.length).flat().length > 0) return undefined;
    const rows = found.flat().slice(this.parsed.offset, neededOf(this.parsed)) as unknown as RunRow[];
    return isAll || rows.length === this.parsed.limit ? rows : undefined;
  }

  get #direction(): "ASC" | "DESC" {
    return this.first.ascending ? "ASC" : "DESC";
  }

  /** A part is asked for all that comes before the page, too. */
  #page(): ParsedSearch {
    return { ...this.parsed, orders: this.parsed.orders.slice(1), limit: neededOf(this.parsed), offset: 0 };
  }

  #runs(own: readonly Fragment[], order: string[]): Fragment {
    return ordered(`SELECT ${runColumns}`, { ...this.#joined(own), order }, this.#page());
  }

  #joined(own: readonly Fragment[]): Omit<Parts, "order"> {
    // The words CROSS JOIN keep SQLite from starting with the runs.
    const joins = [{ sql: `FROM ${this.#table} w CROSS JOIN tracking_runs r`, params: [] }];
    const link = { sql: "r.id = w.run", params: [] };
    const others = conditionsOf({ clauses: this.#beside }, "w.run");
    return { joins, where: [...own, link, ...scopeOf(this.parsed), ...others] };
  }

  #values(
    head: string,
    { more = [], order = [], tail }: { more?: readonly Fragment[]; order?: string[]; tail: Fragment },
  ): Fragment {
    return assemble(
      `${head} FROM ${this.#table} w`,
      { joins: [], where: [...this.#own, ...more], order },
      tail,
    );
  }
}

/** Whether a clause compares the metric that is ordered by: it then bounds what a walk passes by. */
export function comparesOrder({ entity, key, comparator }: Clause, order: Order): boolean {
  const compares = comparator !== "!=" && comparator !== "IS NULL" && comparator !== "IS NOT NULL";
  return compares && entity === "metric" && order.entity === "metric" && key === order.key;
}

/** Whether runs are ordered by their start; so they are where nothing else is asked for. */
export function isStart(order: Order | undefined): boolean {
  return (
    order === undefined ||
    (order.entity === "attribute" && runGrammar.attributes[order.key]?.sql === "r.start_ms")
  );
}
