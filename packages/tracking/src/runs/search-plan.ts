import { valueCondition } from "../search/compile.ts";
import { runGrammar } from "../search/grammar.ts";
import type { SqlStore } from "../store/index.ts";
import { comparesOrder, lifecyclesOf, type ParsedSearch, type Plan } from "./search-query.ts";

/** `counted`: the way that costs least, by what the tables hold; `early`: the one that stops early, whatever it costs. */
export type Tuning = "counted" | "early";

/** What the tables hold, so far as it decides the way to search. */
export interface Population {
  /** Runs of all experiments. */
  readonly runs: number;
  /** The part of them that is in the experiments and the lifecycle asked for, 0 to 1. */
  readonly share: number;
  /** How many runs are to be found: those of the page and those before it. */
  readonly needed: number;
}

/**
 * From how many runs on, of all experiments, that fulfil a comparison a way that stops early costs less than looking
 * at each of them; infinite when it never does. Runs are taken to be spread evenly: a walk then looks at
 * `needed / share × runs / matches` runs, of which it must not look at more than there are to choose from.
 */
export function worthFrom(plan: "scan" | "walk", { runs, share, needed }: Population): number {
  if (share === 0) return Number.POSITIVE_INFINITY;
  if (plan === "scan") return Math.sqrt(needed * runs);
  return needed / share > share * runs ? Number.POSITIVE_INFINITY : Math.sqrt((needed * runs) / share);
}

/** Chooses the way to search by what the database cannot know: how many runs the comparisons leave. */
export async function choosePlan(store: SqlStore, parsed: ParsedSearch, tuning: Tuning): Promise<Plan> {
  const [first] = parsed.orders;
  const byStart = first === undefined || runGrammar.attributes[first.key]?.sql === "r.start_ms";
  const compared = parsed.clauses.filter(
    (clause) =>
      clause.entity === "metric" && clause.comparator !== "!=" && !(first && comparesOrder(clause, first)),
  );
  const early = first?.entity === "metric" ? "walk" : byStart && compared.length > 0 ? "scan" : "join";
  if (early === "join" || tuning === "early") return early;
  const worth = Math.ceil(worthFrom(early, await populationOf(store, parsed)));
  if (worth === Number.POSITIVE_INFINITY) return "join";
  const counts = await store.snapshot(
    compared.map((clause) => {
      const { sql, params } = valueCondition("m", clause);
      return {
        sql: `SELECT COUNT(*) AS n FROM (
          SELECT 1 FROM tracking_latest_metrics m WHERE m.key = ? AND ${sql} LIMIT ?) counted`,
        params: [clause.key, ...params, worth],
      };
    }),
  );
  return counts.every((rows) => Number(rows[0]?.n) >= worth) ? early : "join";
}

const samples = 200;

/** The share is that of a sample, taken evenly from the oldest run to the newest. */
async function populationOf(
  store: SqlStore,
  { experiments, viewType, limit, offset }: ParsedSearch,
): Promise<Population> {
  const [row] = await store.read<{ runs: number | null; sampled: number; hits: number | null }>(
    `WITH RECURSIVE newest AS (SELECT MAX(id) AS id FROM tracking_runs),
      sample (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM sample WHERE at < ${samples - 1})
    SELECT (SELECT id FROM newest) AS runs, COUNT(*) AS sampled,
      SUM(CASE WHEN r.experiment IN (${experiments.join(", ")})
        AND r.lifecycle IN (${lifecyclesOf(viewType)}) THEN 1 ELSE 0 END) AS hits
    FROM sample JOIN tracking_runs r ON r.id = 1 + sample.at * (SELECT id FROM newest) / ${samples}`,
  );
  const sampled = Number(row?.sampled ?? 0);
  return {
    runs: Number(row?.runs ?? 0),
    share: sampled === 0 ? 0 : Number(row?.hits ?? 0) / sampled,
    needed: limit + offset,
  };
}
