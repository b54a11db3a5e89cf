import { getExperiment } from "../experiments/experiments.ts";
import { searchVersions } from "../registry/search-registry.ts";
import { versionJson } from "../routes/json/registry-json.ts";
import { experimentJson } from "../routes/json/run-json.ts";
import type { TrackingContext } from "../tracking.ts";
import type { PlannedField } from "./plan.ts";

type Json = Record<string, unknown>;

const mostIdsAtOnce = 1000;
const mostVersions = 10_000;

/** Adds to the runs of an answer what GraphQL has beyond REST, each with one question for all runs. */
export async function extendRuns(
  context: TrackingContext,
  answer: Json,
  fields: readonly PlannedField[],
): Promise<Json> {
  const { run, runs } = answer as { run?: Json; runs?: Json[] };
  const extended = [...(runs ?? []), ...(run ? [run] : [])];
  if (extended.length === 0) return answer;
  const asked = new Set(
    fields
      .filter(({ name }) => name === "run" || name === "runs")
      .flatMap(({ below }) => below.map(({ name }) => name)),
  );
  const experiments = asked.has("experiment") ? await experimentsOf(context, extended) : undefined;
  const versions = asked.has("modelVersions") ? await versionsOf(context, extended) : undefined;
  const extend = (one: Json): Json => ({
    ...one,
    experiment: experiments?.get(infoOf(one).experiment_id),
    model_versions: versions?.get(infoOf(one).run_id),
  });
  return { ...answer, run: run && extend(run), runs: runs?.map(extend) };
}

async function experimentsOf(context: TrackingContext, runs: readonly Json[]): Promise<Map<string, Json>> {
  const ids = [...new Set(runs.map((run) => infoOf(run).experiment_id))];
  const found = await Promise.all(ids.map((id) => getExperiment(context, id)));
  return new Map(found.map((experiment) => [experiment.experimentId, experimentJson(experiment)]));
}

async function versionsOf(context: TrackingContext, runs: readonly Json[]): Promise<Map<string, Json[]>> {
  const ids = runs.map((run) => infoOf(run).run_id);
  const versions = new Map<string, Json[]>(ids.map((id) => [id, []]));
  for (let from = 0; from < ids.length; from += mostIdsAtOnce) {
    const listed = ids.slice(from, from + mostIdsAtOnce).map((id) => `'${id.replaceAll("'", "''")}'`);
    const filter = `run_id IN (${listed.join(", ")})`;
    const { items } = await searchVersions(context, { filter, maxResults: mostVersions });
    for (const version of items) versions.get(version.runId ?? "")?.push(versionJson(version));
  }
  return versions;
}

function infoOf(run: Json): { run_id: string; experiment_id: string } {
  return run.info as { run_id: string; experiment_id: string };
}
