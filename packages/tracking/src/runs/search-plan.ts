import type { Candidates } from "../search/candidates.ts";
import { runGrammar } from "../search/grammar.ts";
import type { SqlStore } from "../store/index.ts";
import type { RunRow } from "./run.ts";
import { gatherQuery, neededOf, type ParsedSearch, scanQuery, wholeQuery } from "./search-query.ts";
import { scan } from "./search-scan.ts";
import { countCandidates, type Survey, surveyOf } from "./search-survey.ts";
import { isStart, mostWalked, walk } from "./search-walk.ts";

/** What tests set so that a few runs are searched as many are. */
export interface Tuning {
  /** Goes this way whatever it costs, where it can be gone. */
  readonly way?: "early" | "gather" | "floating";
  /** How many runs a way that stops early is taken to look at. */
  readonly looks?: number;
  /** How many runs with the same value are sorted. */
  readonly ties?: number;
  /** How many of the newest runs are looked at beside a walk. */
  readonly newest?: number;
}

/** So few are looked at without asking what else could be done. */
const cheapLooks = 2000;
/** What the runs of candidates cost: they lie apart, and are sorted. */
const candidateCost = 1.5;
/** What it costs to look at a value in an index, where a run costs 1. */
const valueCost = 0.05;
/** More candidates than these are not counted. */
const mostCounted = 200_000;
/** SQLite takes 32,766 parameters; candidates and conditions each have those of a list. */
const mostParams = 30_000;

/** A way to search, and what it costs: about as much as to look at so many runs, one after the other. */
interface Way {
  readonly cost: number;
  readonly go: () => Promise<RunRow[] | undefined>;
}

/**
 * How many runs a way that stops early looks at, if the runs are spread as those of the sample are: a scan in the order
 * of the start, or a walk through the values that are ordered by. What the sample does not hold counts as half a run.
 */
export function expectedLooks(way: "scan" | "walk", needed: number, survey: Survey): number {
  const { sampled, runs, scoped, passing, keyed, keyedPassing } = survey;
  const all = (count: number) => (runs * Math.max(count, 0.5)) / Math.max(sampled, 1);
  const [among, hits] = way === "scan" ? [scoped, passing] : [keyed, keyedPassing];
  return Math.min(all(among), (needed * Math.max(among, 0.5)) / Math.max(hits, 0.5));
}

/**
 * Finds the rows of a page by one of several ways to the same answer, chosen by what the database cannot know: how many
 * runs the clauses leave. A scan and a walk stop early and give up at a bound; gathering looks at the candidates of
 * the rarest clauses; the last resort leaves it to the database.
 */
export async function findRows(
  store: SqlStore,
  parsed: ParsedSearch,
  tuning: Tuning = {},
): Promise<RunRow[]> {
  const { clauses, orders } = parsed;
  const byStart = isStart(orders[0]);
  if (byStart && clauses.length === 0 && tuning.way === undefined) {
    const rows = await scan(store, parsed, neededOf(parsed));
    if (rows) return rows;
  }
  const survey = await surveyOf(store, parsed);
  const early = earlyWay(store, parsed, { survey, tuning });
  const isCheap = tuning.way === undefined && early !== undefined && early.cost <= cheapLooks;
  if (isCheap || tuning.way === "early") {
    const rows = await early?.go();
    if (rows) return rows;
  }
  const ways = [
    ...(isCheap || early === undefined || tuning.way !== undefined ? [] : [early]),
    ...(await gatheringWays(store, parsed, { survey, tuning, enough: early?.cost ?? survey.runs })),
  ];
  for (const { go } of ways.sort((a, b) => a.cost - b.cost)) {
    const rows = await go();
    if (rows) return rows;
  }
  const { sql, params } = byStart ? scanQuery(parsed, []) : wholeQuery(parsed);
  return store.read<RunRow>(sql, params);
}

interface Known {
  readonly survey: Survey;
  readonly tuning: Tuning;
}

function earlyWay(store: SqlStore, parsed: ParsedSearch, { survey, tuning }: Known): Way | undefined {
  const [first] = parsed.orders;
  const needed = neededOf(parsed);
  if (isStart(first)) {
    const looks = tuning.looks ?? expectedLooks("scan", needed, survey);
    return { cost: looks, go: () => scan(store, parsed, looks) };
  }
  if (!first || !runGrammar.keyed[first.entity] || needed > mostWalked) return undefined;
  const { runs, scoped, passing, keyed, keyedPassing } = survey;
  const looks = tuning.looks ?? expectedLooks("walk", needed, survey);
  // As many are then looked at in the order of the start as would be sorted.
  const ties = Math.sqrt((needed * runs * Math.max(keyed, 0.5)) / Math.max(keyedPassing, 0.5));
  const lacking = (needed * scoped) / Math.max(passing - keyedPassing, 0.5);
  const bounds = {
    entries: tuning.looks ?? Math.ceil(needed + 4 * looks),
    ties: tuning.ties ?? Math.ceil(ties),
    newest: tuning.newest ?? Math.ceil(needed + 4 * ties),
    newestLacking: tuning.newest ?? Math.ceil(needed + 4 * lacking),
  };
  return { cost: 2 * looks, go: () => walk(store, parsed, bounds) };
}

async function gatheringWays(
  store: SqlStore,
  parsed: ParsedSearch,
  { survey, tuning, enough }: Known & { enough: number },
): Promise<Way[]> {
  const { way } = tuning;
  const values = parsed.clauses.reduce(
    (sum, { value }) => sum + (Array.isArray(value) ? value.length : 1),
    0,
  );
  if (2 * values > mostParams) return [];
  const enoughToCount = Math.max(1, Math.ceil(Math.min(enough, mostCounted)));
  const { direct, floating } = await countCandidates(store, parsed, enoughToCount);
  const gather = (candidates: Candidates, also: readonly Candidates[] = []) => {
    // Where a clause has no candidates, nothing is found.
    if (candidates.selects.length === 0) return async () => [];
    const { sql, params } = gatherQuery(parsed, candidates, also);
    return () => store.read<RunRow>(sql, params);
  };
  const ways: Way[] = [];
  const [rarest, ...others] = way === "floating" ? [] : direct;
  if (rarest && (rarest.count < enoughToCount || way === "gather")) {
    const also = others
      .filter(({ count }) => count < enoughToCount && count <= 10 * rarest.count)
      .map(({ candidates }) => candidates);
    ways.push({ cost: rarest.count * candidateCost, go: gather(rarest.candidates, also) });
  }
  // What a sample of hundreds does not hold is rare.
  if (floating && (survey.passing === 0 || way === "floating")) {
    ways.push({ cost: Math.min(survey.runs * valueCost, enough / 2), go: gather(floating) });
  }
  return ways;
}
