import { valueCondition } from "../search/compile.ts";
import { runGrammar } from "../search/grammar.ts";
import type { SqlStore } from "../store/index.ts";
import { lifecyclesOf, type ParsedSearch, type Plan } from "./search-query.ts";

/** From how many rows on it pays to go through an index in order and stop early. */
export interface Tuning {
  /** Runs in the experiments. */
  readonly manyRuns: number;
  /** Runs, of all experiments, that fulfil a comparison of a metric. */
  readonly manyMatches: number;
}

/** Measured with 100,000 runs of 5 metrics: below these, the plain join answers in a few milliseconds. */
export const defaultTuning: Tuning = { manyRuns: 3000, manyMatches: 1000 };

/** Chooses the way to search by counting, no further than it matters, what the database cannot know. */
export async function choosePlan(store: SqlStore, parsed: ParsedSearch, tuning: Tuning): Promise<Plan> {
  const { experiments, orders, viewType } = parsed;
  const [first] = orders;
  const byStart = first === undefined || runGrammar.attributes[first.key]?.sql === "r.start_ms";
  const compared = parsed.clauses.filter(
    ({ entity, comparator }) => entity === "metric" && comparator !== "!=",
  );
  const early = first?.entity === "metric" ? "walk" : byStart && compared.length > 0 ? "scan" : "join";
  if (early === "join") return early;
  const [runs, ...matches] = await store.snapshot([
    {
      sql: `SELECT COUNT(*) AS n FROM (SELECT 1 FROM tracking_runs WHERE experiment IN (${experiments.join(", ")})
        AND lifecycle IN (${lifecyclesOf(viewType)}) LIMIT ?) counted`,
      params: [tuning.manyRuns],
    },
    ...compared.map((clause) => {
      const { sql, params } = valueCondition("m", clause);
      return {
        sql: `SELECT COUNT(*) AS n FROM (
          SELECT 1 FROM tracking_latest_metrics m WHERE m.key = ? AND ${sql} LIMIT ?) counted`,
        params: [clause.key, ...params, tuning.manyMatches],
      };
    }),
  ]);
  const reaches = (rows: typeof runs, limit: number) => Number(rows?.[0]?.n) >= limit;
  if (!reaches(runs, tuning.manyRuns)) return "join";
  return matches.every((rows) => reaches(rows, tuning.manyMatches)) ? early : "join";
}
