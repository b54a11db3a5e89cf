import { applicationOfName, applicationTag } from "../access/application.ts";
import type { Context, KeyValue } from "../context.ts";
import { noteModelMade } from "../history/model-notes.ts";
import { noteTagsAdded, noteVersionMade } from "../history/version-notes.ts";
import type { LocationContext } from "../locations/locations.ts";
import { pathInRun } from "../locations/run-artifacts.ts";
import type { RunEntry } from "../runs/run-index.ts";
import type { Statement } from "../store/index.ts";
import { checkRegistryTag } from "../validation/names.ts";
import type { Outbox } from "../webhooks/outbox.ts";
import { modelCreated, versionCreated } from "../webhooks/registry-events.ts";
import { checkModelName, deletedStage } from "./model.ts";
import { countModel, insertModel } from "./models.ts";
import { numberOfNext } from "./next-version.ts";
import { keepSignature, readSignature } from "./signature.ts";

export interface Registration {
  readonly name: string;
  /** Where the model lies in its run, such as `model`. */
  readonly source: string;
  /** The content at that place; kept as long as the version is. */
  readonly digest: string;
  readonly tags?: readonly KeyValue[];
  readonly description?: string;
}

export interface RegisteringContext extends LocationContext {
  readonly outbox: Outbox;
}

/**
 * Registers a run's artifact as a version, making the model when it is new. The same name, run and source
 * again give the version they gave before.
 */
export async function registerVersion(
  context: RegisteringContext,
  run: RunEntry,
  { name, source, digest, tags = [], description }: Registration,
): Promise<{ version: number }> {
  checkModelName(name);
  for (const { key, value } of tags) checkRegistryTag(key, value);
  const location = `mlflow-artifacts:/${pathInRun(run, source)}`;
  const added = tags.filter(({ key }, i) => tags.findIndex((one) => one.key === key) === i);
  const signature = await readSignature(context, location);
  const at = context.now();
  const application = await applicationOf(context, run);
  const told = await tellOf(context, {
    name,
    source: location,
    runId: run.runId,
    tags: added,
    description,
    application,
  });
  const results = await context.store.write([
    ...told,
    countModel,
    insertModel({ name, atMs: at }),
    {
      sql: `INSERT INTO tracking_versions (model, version, description, source, storage_location, run_id,
          status, stage, created_ms, updated_ms, digest)
        SELECT m.id, ${numberOfNext},
          ?, ?, ?, ?, 'READY', 'None', ?, ?, ?
        FROM tracking_models m WHERE m.name = ? AND NOT EXISTS (SELECT 1 FROM tracking_versions v
          WHERE v.model = m.id AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}')`,
      params: [description ?? null, location, location, run.runId, at, at, digest, name, run.runId, location],
    },
    {
      sql: `UPDATE tracking_models SET updated_ms = ? WHERE name = ?
        AND EXISTS (SELECT 1 FROM tracking_versions v WHERE v.model = tracking_models.id AND v.created_ms = ?)`,
      params: [at, name, at],
    },
    ...noteVersionMade(context, name),
    ...keepSignature({ name, location }, signature),
    noteTagsAdded(context, { name, runId: run.runId, source: location }, added),
    {
      sql: `INSERT INTO tracking_version_tags (model, version, key, value)
        SELECT v.model, v.version, ?, ? FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
        WHERE m.name = ? AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}'
        ON CONFLICT DO NOTHING`,
      rows: added.map(({ key, value }) => [key, value, name, run.runId, location]),
    },
    {
      sql: `INSERT INTO tracking_model_tags (model, key, value)
        SELECT m.id, '${applicationTag}', CAST(? AS TEXT) FROM tracking_models m
        WHERE m.name = ? AND m.name <> ? AND NOT EXISTS (SELECT 1 FROM registry_history h WHERE h.model = m.id)`,
      params: [application, name, application],
    },
    ...noteModelMade(context, name),
    {
      sql: `SELECT v.version FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
        WHERE m.name = ? AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}'`,
      params: [name, run.runId, location],
    },
  ]);
  if (told.length > 0) context.outbox.wake();
  return { version: Number(results.at(-1)?.rows[0]?.version) };
}

interface Making {
  readonly name: string;
  readonly source: string;
  readonly runId: string;
  readonly tags: readonly KeyValue[];
  readonly description: string | undefined;
  readonly application: string;
}

/** Puts down for webhooks what is about to be made; what is there already was told when it was made. */
async function tellOf({ outbox }: RegisteringContext, making: Making): Promise<Statement[]> {
  const { name, source, runId, application } = making;
  const tags = application === name ? [] : [{ key: applicationTag, value: application }];
  const versions = `SELECT 1 FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
    WHERE m.name = ? AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}'`;
  return [
    ...(await outbox.statements(modelCreated({ name, tags }), {
      sql: "SELECT 1 FROM tracking_models WHERE name = ?",
      params: [name],
    })),
    ...(await outbox.statements(versionCreated(making), { sql: versions, params: [name, runId, source] })),
  ];
}

/** The application whose experiment a run belongs to. */
async function applicationOf({ store }: Context, { experiment }: RunEntry): Promise<string> {
  const [row] = await store.read<{ name: string }>("SELECT name FROM tracking_experiments WHERE id = ?", [
    experiment,
  ]);
  return applicationOfName(row?.name ?? "");
}
