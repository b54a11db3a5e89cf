import { type Candidates, candidatesOf } from "../search/candidates.ts";
import type { Fragment } from "../search/compile.ts";
import { runGrammar } from "../search/grammar.ts";
import type { SqlStore } from "../store/index.ts";
import { conditionsOf, nameAsTag, type ParsedSearch, scopeOf } from "./search-query.ts";

/** What a sample of runs, taken evenly from the oldest to the newest, says of a search; numbers of runs of the sample. */
export interface Survey {
  /** Runs of all experiments, in the sample and at all. */
  readonly sampled: number;
  readonly runs: number;
  /** In the experiments, the lifecycle stage and the time that are searched. */
  readonly scoped: number;
  /** Of those, what fulfils all clauses. */
  readonly passing: number;
  /** Of all, what has the key that is ordered by, where it is one of a metric, param or tag. */
  readonly keyed: number;
  /** What has it and is found. */
  readonly keyedPassing: number;
}

const samples = 200;

export async function surveyOf(store: SqlStore, parsed: ParsedSearch): Promise<Survey> {
  const scope = [...scopeOf(parsed), ...timesOf(parsed)];
  const [first] = parsed.orders;
  const table = first && runGrammar.keyed[first.entity]?.table;
  const keyed = table
    ? [{ sql: `EXISTS (SELECT 1 FROM ${table} k WHERE k.run = r.id AND k.key = ?)`, params: [first.key] }]
    : [];
  const flags = [scope, conditionsOf(parsed), keyed];
  const columns = flags.map((all, i) => `CASE WHEN ${inSql(all)} THEN 1 ELSE 0 END AS flag${i}`);
  const [row] = await store.read<Record<keyof Survey, number | null>>(
    `WITH RECURSIVE newest AS (SELECT MAX(id) AS id FROM tracking_runs),
      sample (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM sample WHERE at < ${samples - 1}),
      flagged AS MATERIALIZED (SELECT ${columns.join(", ")}
        FROM sample JOIN tracking_runs r ON r.id = 1 + sample.at * (SELECT id FROM newest) / ${samples})
    SELECT (SELECT id FROM newest) AS runs, COUNT(*) AS sampled, SUM(flag0) AS scoped,
      SUM(flag0 * flag1) AS passing, SUM(flag2) AS keyed, SUM(flag0 * flag1 * flag2) AS "keyedPassing"
    FROM flagged`,
    flags.flat().flatMap(({ params }) => params),
  );
  const of = (name: keyof Survey) => Number(row?.[name] ?? 0);
  return {
    sampled: of("sampled"),
    runs: of("runs"),
    scoped: of("scoped"),
    passing: of("passing"),
    keyed: of("keyed"),
    keyedPassing: of("keyedPassing"),
  };
}

/** Conditions on the time of the start: what they leave out, the index of runs passes by. */
export function timesOf({ clauses }: Pick<ParsedSearch, "clauses">): Fragment[] {
  return conditionsOf({
    clauses: clauses.filter(
      ({ entity, key, comparator }) =>
        entity === "attribute" && comparator !== "!=" && runGrammar.attributes[key]?.sql === "r.start_ms",
    ),
  });
}

function inSql(conditions: readonly Fragment[]): string {
  return conditions.length === 0 ? "1 = 1" : conditions.map(({ sql }) => sql).join(" AND ");
}

/** Candidates, and how many they are; the number counts no further than was asked. */
export interface Counted {
  readonly candidates: Candidates;
  readonly count: number;
}

/** What indices say of the clauses. */
export interface Counts {
  /** The candidates that an index leads right to, the fewest first. */
  readonly direct: readonly Counted[];
  /** Those for which all values of a key are looked through: the first, if there are any. */
  readonly floating: Candidates | undefined;
}

/**
 * Counts the candidates of each clause. A SELECT that gives nothing is left out afterwards: PostgreSQL would take it to
 * give much.
 */
export async function countCandidates(
  store: SqlStore,
  parsed: ParsedSearch,
  countAtMost: number,
): Promise<Counts> {
  const all = allCandidates(parsed);
  const selects = all.map(({ selects: own, direct }) => (direct ? own : own.slice(1)));
  const rows = await store.snapshot(
    selects.flat().map(({ sql, params }) => ({
      sql: `SELECT COUNT(*) AS n FROM (${sql} LIMIT ?) counted`,
      params: [...params, countAtMost],
    })),
  );
  const counts = new Map(selects.flat().map((select, i) => [select, Number(rows[i]?.[0]?.n ?? 0)]));
  const counted = all.map((candidates) => ({
    candidates: { ...candidates, selects: candidates.selects.filter((one) => counts.get(one) !== 0) },
    count: candidates.selects.reduce((sum, one) => sum + (counts.get(one) ?? 0), 0),
  }));
  return {
    direct: counted.filter(({ candidates }) => candidates.direct).sort((a, b) => a.count - b.count),
    floating: counted.find(({ candidates }) => !candidates.direct)?.candidates,
  };
}

function allCandidates({ clauses, experiments }: ParsedSearch): Candidates[] {
  return clauses.flatMap((clause) => {
    const found = candidatesOf(nameAsTag(clause), { grammar: runGrammar, experiments });
    return found ? [found] : [];
  });
}
