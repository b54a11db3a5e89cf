import { experimentIdOf } from "../experiments/experiment-unknown.ts";
import type { ViewType } from "../runs/run.ts";
import { searchRuns } from "../runs/search-runs.ts";
import type { Tracking, TrackingContext } from "../tracking.ts";
import { csvRow } from "./csv.ts";
import type { RunRecord } from "./records.ts";
import { serverRuns } from "./server/server-runs.ts";
import { isServer, type TrackerServer } from "./server/server-url.ts";

/** Which runs become rows. */
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
 * Of a server (MLflow 2.14 to 3.x, Scanflow) they come by its routes; it is asked twice, and a column that came up
 * between is left out.
 * Errors: SCANFLOW_TRACKING_MISSING without such an experiment; SCANFLOW_TRACKING_INVALID for a filter that is none;
 * SCANFLOW_TRANSFER_… of a server.
 */
export async function* runsAsCsv(
  from: Tracking | TrackerServer,
  { experiment, filter = "" }: RunsAsCsv,
): AsyncGenerator<string> {
  const read = isServer(from)
    ? await serverRuns(from, { experiment, filter })
    : await trackerRuns(from.context, { experiment, filter });
  const keys = { params: new Set<string>(), metrics: new Set<string>(), tags: new Set<string>() };
  const kinds = ["params", "metrics", "tags"] as const;
  for await (const run of read()) {
    for (const { key } of run.params) keys.params.add(key);
    for (const { key } of run.latest) keys.metrics.add(key);
    for (const { key } of run.tags) keys.tags.add(key);
  }
  const columns = kinds.flatMap((kind) => [...keys[kind]].sort().map((key) => ({ kind, key })));
  yield csvRow([...fixed, ...columns.map(({ kind, key }) => `${kind}.${key}`)]);
  for await (const run of read()) {
    const { runId, name, status, startMs, endMs } = run;
    const values = {
      params: new Map(run.params.map(({ key, value }) => [key, value])),
      metrics: new Map(run.latest.map(({ key, value }) => [key, value])),
      tags: new Map(run.tags.map(({ key, value }) => [key, value])),
    };
    yield csvRow([
      ...[runId, name, status, time(startMs), time(endMs)],
      ...columns.map(({ kind, key }) => values[kind].get(key)),
    ]);
  }
}

/** What a row shows of a run. */
type ShownRun = Pick<
  RunRecord,
  "runId" | "name" | "status" | "startMs" | "endMs" | "params" | "latest" | "tags"
>;

async function trackerRuns(
  context: TrackingContext,
  { experiment, filter }: { experiment: string; filter: string },
): Promise<() => AsyncGenerator<ShownRun>> {
  const experimentId = await experimentIdOf(context.store, experiment);
  const search = { experimentIds: [experimentId], filter, viewType: "ACTIVE_ONLY" as ViewType };
  return async function* () {
    let pageToken: string | undefined;
    do {
      const page = await searchRuns(context, { ...search, pageToken });
      for (const { info, params, tags, metrics } of page.items) {
        const { runId, name, status, startTime, endTime } = info;
        const times = { startMs: startTime ?? null, endMs: endTime ?? null };
        yield { runId, name, status, ...times, params, tags, latest: metrics };
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
  };
}

function time(ms: number | null): string | undefined {
  return ms === null ? undefined : new Date(ms).toISOString();
}
