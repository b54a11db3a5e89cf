import type { RunRecord } from "../records.ts";
import { answers } from "./answers.ts";
import { pages } from "./pages.ts";
import { ServerClient } from "./server-client.ts";
import { named } from "./server-experiments.ts";
import { runRecord } from "./server-records.ts";
import { openServerSource, runsPerPage } from "./server-source.ts";
import { exportAddress, type TrackerServer } from "./server-url.ts";

/**
 * The active runs of an experiment on a running server, the newest first, without the histories of their metrics.
 * Errors: SCANFLOW_TRACKING_MISSING without such an experiment; SCANFLOW_TRANSFER_SERVER, _DENIED.
 */
export async function serverRuns(
  server: TrackerServer,
  { experiment, filter }: { readonly experiment: string; readonly filter: string },
): Promise<() => AsyncGenerator<RunRecord>> {
  const address = exportAddress(server);
  const found = await named(openServerSource(address), [experiment]);
  const body = {
    experiment_ids: found.map(({ experimentId }) => experimentId),
    run_view_type: "ACTIVE_ONLY",
    max_results: runsPerPage,
    ...(filter === "" ? {} : { filter }),
  };
  const client = new ServerClient(address);
  return async function* () {
    const search = { path: "mlflow/runs/search", body, schema: answers.runs };
    for await (const { runs } of pages(client, search)) for (const run of runs) yield runRecord(run, []);
  };
}
