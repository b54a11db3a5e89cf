import { experimentIdOf } from "../experiments/experiment-unknown.ts";
import type { Run, ViewType } from "../runs/run.ts";
import { searchRuns } from "../runs/search-runs.ts";
import type { Tracking, TrackingContext } from "../tracking.ts";
import { csvRow } from "./csv.ts";

export interface RunsAsCsv {
  /** Name of the experiment. */
  readonly experiment: string;
  /** In the words of searches, such as `metrics.accuracy > 0.9`. */
  readonly filter?: string | undefined;
}

const fixed = ["run_id", "name", "status", "start_time", "end_time"];

/**
 * The runs of an experiment as CSV, the newest first: `run_id`, `name`, `status`, times (ISO 8601, UTC), then every
 * param, the latest value of every metric, and every tag that any of them has, as `params.…`, `metrics.…`, `tags.…`.
 * Rows come as they are read, a page of runs at a time. Texts that a spreadsheet would take for formulas get an
 * apostrophe in front.
 * Errors: SCANFLOW_TRACKING_MISSING without such an experiment; SCANFLOW_TRACKING_INVALID for a filter that is none.
 */
export async function* runsAsCsv(
  { context }: Tracking,
  { experiment: name, filter }: RunsAsCsv,
): AsyncGenerator<string> {
  const experimentId = await experimentIdOf(context.store, name);
  const search = { experimentIds: [experimentId], filter: filter ?? "", viewType: "ACTIVE_ONLY" as ViewType };
  const keys = { params: new Set<string>(), metrics: new Set<string>(), tags: new Set<string>() };
  const kinds = ["params", "metrics", "tags"] as const;
  for await (const run of allRuns(context, search)) {
    for (const kind of kinds) for (const { key } of run[kind]) keys[kind].add(key);
  }
  const columns = kinds.flatMap((kind) => [...keys[kind]].sort().map((key) => ({ kind, key })));
  yield csvRow([...fixed, ...columns.map(({ kind, key }) => `${kind}.${key}`)]);
  for await (const run of allRuns(context, search)) {
    const { runId, name: runName, status, startTime, endTime } = run.info;
    const values = {
      params: new Map(run.params.map(({ key, value }) => [key, value])),
      metrics: new Map(run.metrics.map(({ key, value }) => [key, value])),
      tags: new Map(run.tags.map(({ key, value }) => [key, value])),
    };
    yield csvRow([
      ...[runId, runName, status, time(startTime), time(endTime)],
      ...columns.map(({ kind, key }) => values[kind].get(key)),
    ]);
  }
}

async function* allRuns(
  context: TrackingContext,
  search: Omit<Parameters<typeof searchRuns>[1], "pageToken">,
): AsyncGenerator<Run> {
  let pageToken: string | undefined;
  do {
    const page = await searchRuns(context, { ...search, pageToken });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
