import type { Context } from "../context.ts";
import { addDefaultExperiment } from "../experiments/default-experiment.ts";
import { forgetVersions } from "../history/version-notes.ts";
import { containedRoot } from "../locations/root.ts";
import type { SqlValue, Statement } from "../store/index.ts";
import { statementsAmong } from "./among.ts";
import { heldByRun } from "./left-logged-models.ts";
import type { PlacedModel } from "./placed.ts";
import type { PurgePlan } from "./purge-plan.ts";
import { rangesBelow } from "./ranges-below.ts";

/**
 * The unit that removes what was planned, with what hangs below it. Statements that take files off their places answer
 * with the digests. A version or a run that came to hold a logged model since the plan was made keeps it.
 */
export function removal(context: Context, plan: PurgePlan): Statement[] {
  const { experiments, runs, loggedModels, left, deliveries, spared } = plan;
  const modelIds = loggedModels.map(({ model_id }) => model_id);
  const runIds = runs.map(({ run_id }) => run_id);
  const without = runs.length > 0 || experiments.length > 0 ? [removeUnusedDatasets] : [];
  return [
    ...removeVersions(context, plan),
    ...statementsAmong("DELETE FROM tracking_webhook_deliveries WHERE delivery_id IN", deliveries),
    ...removeBelow([...runs, ...loggedModels], spared),
    ...statementsAmong("DELETE FROM tracking_logged_model_metrics WHERE run_id IN", runIds),
    ...statementsAmong("DELETE FROM tracking_run_models WHERE model_id IN", modelIds),
    ...statementsAmong("DELETE FROM tracking_logged_models WHERE model_id IN", modelIds),
    ...statementsAmong("DELETE FROM tracking_runs WHERE run_id IN", runIds),
    ...removeUnheld(left, spared),
    ...without,
    ...removeExperiments(experiments, spared),
    // Every tracker has it, empty or not.
    ...(experiments.includes(0) ? [addDefaultExperiment(context.now())] : []),
  ];
}

function removeVersions(context: Context, { models, versions, emptied }: PurgePlan): Statement[] {
  const places = versions.map(({ model, version }) => [model, version]);
  return [
    ...forgetVersions(context, versions),
    { sql: "DELETE FROM tracking_versions WHERE model = ? AND version = ? RETURNING digest", rows: places },
    ...statementsAmong("DELETE FROM registry_history WHERE model IN", models),
    // Their digests are asked for, so the rows do not just go with the model.
    ...statementsAmong("DELETE FROM tracking_versions WHERE model IN", models).map((statement) => ({
      ...statement,
      sql: `${statement.sql} RETURNING digest`,
    })),
    ...statementsAmong("DELETE FROM tracking_models WHERE id IN", models),
    {
      sql: `DELETE FROM tracking_models WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM tracking_versions v WHERE v.model = tracking_models.id)`,
      rows: emptied.map((model) => [model]),
    },
    // Of models that have no version left, and had no others, nothing stays.
    {
      sql: `DELETE FROM registry_history WHERE model = ?
        AND NOT EXISTS (SELECT 1 FROM tracking_versions v WHERE v.model = registry_history.model)
        AND NOT EXISTS (SELECT 1 FROM registry_history h
          WHERE h.model = registry_history.model AND h.field = 'version')`,
      rows: emptied.map((model) => [model]),
    },
  ];
}

/** Files and uploads below places on this server. */
function removeBelow(places: readonly { artifact_uri: string }[], spared: readonly string[]): Statement[] {
  const ranges = places.flatMap(({ artifact_uri }) => {
    const root = containedRoot(artifact_uri);
    return root ? rangesBelow(root, spared) : [];
  });
  return removeAll("WHERE path >= ? AND path < ?", ranges);
}

function removeAll(below: string, rows: readonly (readonly SqlValue[])[]): Statement[] {
  const begun = `(SELECT id FROM tracking_uploads ${below})`;
  return [
    { sql: `DELETE FROM tracking_upload_parts WHERE upload IN ${begun} RETURNING digest`, rows },
    { sql: `DELETE FROM tracking_uploads ${below}`, rows },
    { sql: `DELETE FROM tracking_artifacts ${below} RETURNING digest`, rows },
  ];
}

const unheld = `NOT EXISTS (SELECT 1 FROM tracking_versions v WHERE v.model_id = l.model_id) AND NOT ${heldByRun}`;

function removeUnheld(left: readonly PlacedModel[], spared: readonly string[]): Statement[] {
  const isFree = `EXISTS (SELECT 1 FROM tracking_logged_models l WHERE l.model_id = ? AND ${unheld})`;
  const ranges = left.flatMap(({ model_id, artifact_uri }) => {
    const root = containedRoot(artifact_uri);
    return root ? rangesBelow(root, spared).map((range) => [...range, model_id]) : [];
  });
  const below = `WHERE path >= ? AND path < ? AND ${isFree}`;
  return [
    ...removeAll(below, ranges),
    {
      sql: `DELETE FROM tracking_logged_models WHERE model_id IN
        (SELECT l.model_id FROM tracking_logged_models l WHERE l.model_id = ? AND ${unheld})`,
      rows: left.map(({ model_id }) => [model_id]),
    },
  ];
}

const removeUnusedDatasets: Statement = {
  sql: `DELETE FROM tracking_datasets
    WHERE NOT EXISTS (SELECT 1 FROM tracking_inputs i WHERE i.dataset = tracking_datasets.id)`,
};

function removeExperiments(experiments: readonly number[], spared: readonly string[]): Statement[] {
  const rows = experiments.map((id) => [id]);
  // Only a folder named after the experiment is its own: a location given by hand may be shared.
  const own = experiments.flatMap((id) =>
    rangesBelow(String(id), spared).map((range) => [...range, id, `mlflow-artifacts:/${id}`]),
  );
  const below = `WHERE path >= ? AND path < ? AND EXISTS
    (SELECT 1 FROM tracking_experiments e WHERE e.id = ? AND e.artifact_location = ?)`;
  return [
    ...removeAll(below, own),
    { sql: "DELETE FROM tracking_datasets WHERE experiment = ?", rows },
    { sql: "DELETE FROM tracking_experiments WHERE id = ?", rows },
  ];
}
