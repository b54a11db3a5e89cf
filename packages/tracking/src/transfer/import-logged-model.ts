import { explainBlocked, type LocationContext, placeAll } from "../locations/locations.ts";
import { writeModelMetrics } from "../logged-models/logged-models.ts";
import { type Storage, storeFiles } from "./import-files.ts";
import { type MovedPlaces, ownPlace } from "./place-of.ts";
import type { LoggedModelRecord, TransferSource } from "./records.ts";

interface LoggedModelImport extends Pick<Storage, "signal"> {
  readonly model: LoggedModelRecord;
  readonly experimentId: string;
  readonly moved: MovedPlaces;
}

/** Writes a logged model with its files, all or nothing; undefined when one of that id is here already. */
export async function importLoggedModel(
  context: LocationContext,
  source: TransferSource,
  { model, experimentId, moved, signal }: LoggedModelImport,
): Promise<number | undefined> {
  const { modelId, artifactUri } = model;
  const local = source.copies(artifactUri);
  const uri = local ? ownPlace(experimentId, "models", modelId) : artifactUri;
  moved.add(artifactUri, uri);
  const asked = "SELECT model_id FROM tracking_logged_models WHERE model_id = ?";
  const [known] = await context.store.read(asked, [modelId]);
  if (known) return undefined;
  const stored = local
    ? await storeFiles(context, source.files({ id: modelId, artifactUri }), { uri, signal })
    : { locations: [], release: () => {} };
  const pair = (table: string) => `INSERT INTO ${table} (model_id, key, value) VALUES (?, ?, ?)`;
  try {
    await context.store.write([
      {
        sql: `INSERT INTO tracking_logged_models (model_id, experiment, name, model_type, source_run_id, artifact_uri,
            status, status_message, lifecycle, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        params: [
          modelId,
          Number(experimentId),
          model.name,
          model.modelType,
          model.sourceRunId,
          uri,
          model.status,
          model.statusMessage,
          model.lifecycle,
          model.createdMs,
          model.updatedMs,
        ],
      },
      {
        sql: pair("tracking_logged_model_params"),
        rows: model.params.map(({ key, value }) => [modelId, key, value]),
      },
      {
        sql: pair("tracking_logged_model_tags"),
        rows: model.tags.map(({ key, value }) => [modelId, key, value]),
      },
      ...writeModelMetrics(model.metrics),
      ...placeAll(stored.locations, context.now()),
    ]);
  } catch (error) {
    throw explainBlocked(error);
  } finally {
    stored.release();
  }
  return stored.locations.length;
}
