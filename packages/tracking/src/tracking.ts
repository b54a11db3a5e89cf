import { localUser } from "./access/local-user.ts";
import type { ContentStore } from "./artifacts/index.ts";
import type { KeyValue } from "./context.ts";
import { addDefaultExperiment } from "./experiments/default-experiment.ts";
import { ensureExperiment } from "./experiments/experiments.ts";
import { type Change, type HistoryQuery, registryHistory } from "./history/history.ts";
import type { LocationContext } from "./locations/locations.ts";
import { addArtifacts, type RunArtifact } from "./locations/run-artifacts.ts";
import { latestMetrics } from "./metrics/latest-metrics.ts";
import { filesOfRun, type HeldFile, type Holder, holdersOf } from "./provenance/held-files.ts";
import { type ModelOrigin, modelOrigin } from "./provenance/model-origin.ts";
import { liveDigests } from "./purge/live-digests.ts";
import { type Purged, purgeExperiment, purgeRuns } from "./purge/purge.ts";
import { purgeEverything } from "./purge/purge-everything.ts";
import { type Registration, registerVersion } from "./registry/register-version.ts";
import type { Signature } from "./registry/signature.ts";
import { versionSignature } from "./registry/version-signature.ts";
import { type VersionOfRun, versionsOfRuns } from "./registry/versions-of-runs.ts";
import { type CopiedParams, copyParams, type GivenParams, keepParams } from "./runs/keep-params.ts";
import { type Batch, prepareBatch, writeBatch, writeGuarded } from "./runs/log-batch.ts";
import type { Run } from "./runs/run.ts";
import { RunIndex } from "./runs/run-index.ts";
import { getRun } from "./runs/runs.ts";
import { endRuns, type RunEnd, type RunStart, startRuns } from "./runs/start-runs.ts";
import type { SqlStore } from "./store/index.ts";
import type { Reach } from "./webhooks/address.ts";
import type { WebhookOptions } from "./webhooks/dispatcher.ts";
import { Outbox } from "./webhooks/outbox.ts";

export interface TrackingOptions {
  /** Opened with (at least) `trackingMigrations`; closed by whoever opened it. */
  readonly store: SqlStore;
  readonly artifacts: ContentStore;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly clock?: () => number;
  /** Who works in this process, to whom changes of the registry are put down; default: the system's user. */
  readonly user?: string;
  /** How far webhooks may lead, and how long they are tried. */
  readonly webhooks?: WebhookOptions;
}

/** A batch and the run it belongs to. */
export type RunBatch = Batch & { readonly runId: string };

/** What the routes work with. A store belongs to one tracker: what others write to it is not noticed at once. */
export interface TrackingContext extends LocationContext {
  readonly index: RunIndex;
  /** What is to be told to webhooks. */
  readonly outbox: Outbox;
  readonly reach: Reach;
  readonly webhooks: { readonly timeoutMs: number; readonly backoffMs: number };
}

/**
 * The tracker inside this process: what the engine writes to, and what `trackingRoutes` serves. Methods that
 * say so may be repeated with the same arguments without effect, as a consumer of events must.
 * Errors have a SCANFLOW_TRACKING_… or SCANFLOW_STORE_… code.
 */
export interface Tracking {
  /** For `trackingRoutes`. */
  readonly context: TrackingContext;
  /** Gives the id of the experiment of that name; makes it, with the tags, when there is none. */
  ensureExperiment(name: string, tags?: readonly KeyValue[]): Promise<string>;
  /** Starts runs, all or none. Runs that are there already stay as they are. */
  startRuns(starts: readonly RunStart[]): Promise<void>;
  /** Sets status and end; a run that was purged stays away. Repeatable. */
  endRuns(ends: readonly RunEnd[]): Promise<void>;
  /** Logs a batch of any size, all or nothing. Repeatable; SCANFLOW_TRACKING_INVALID if a param would change. */
  logBatch(runId: string, batch: Batch): Promise<void>;
  /** Logs batches of many runs, all or nothing. Repeatable. */
  logBatches(batches: readonly RunBatch[]): Promise<void>;
  /** Adds params to a run that it has no value of. Repeatable; nothing happens when the run is gone. */
  keepParams(given: GivenParams): Promise<void>;
  /** Gives runs the params of other runs that they have no value of. Repeatable. */
  copyParams(copies: readonly CopiedParams[]): Promise<void>;
  getRun(runId: string): Promise<Run>;
  /** By run, the latest value of each metric by its key. */
  latestMetrics(runIds: readonly string[]): Promise<Map<string, Record<string, number>>>;
  /** Lays content of the artifact store at paths of a run. Repeatable. */
  addArtifacts(runId: string, artifacts: readonly RunArtifact[]): Promise<void>;
  /** Registers a run's artifact as the next version of a model. Repeatable by name, run and source. */
  registerVersion(registration: Registration & { runId: string }): Promise<{ version: number }>;
  /** Every change of a registered model, the first one first; also of what was deleted, but not of what was purged. */
  registryHistory(query: Omit<HistoryQuery, "pageToken">): Promise<Change[]>;
  /** What a version takes and gives. Errors: SCANFLOW_TRACKING_MISSING. */
  versionSignature(name: string, version: string): Promise<Signature>;
  /** The versions of models that were registered from artifacts of these runs. */
  versionsOfRuns(runIds: readonly string[]): Promise<VersionOfRun[]>;
  /** A version of a model by number, `@alias` or `latest`, with what it holds; undefined when there is none. */
  modelOrigin(name: string, reference: string): Promise<ModelOrigin | undefined>;
  /** What lies at a path of a run's artifacts ("" is all of them), with digests. */
  filesOfRun(runId: string, path: string): Promise<HeldFile[]>;
  /** The runs that hold a content. */
  holdersOf(digest: string): Promise<Holder[]>;
  /** Removes runs for good with their artifacts, logged models and the versions made from them. Repeatable. */
  purgeRuns(runIds: readonly string[]): Promise<Purged>;
  /** Removes an experiment for good with everything below it. Repeatable. */
  purgeExperiment(experimentId: string): Promise<Purged>;
  /** Removes all experiments, runs, models and artifacts for good; the default experiment is there again, empty. */
  purgeEverything(): Promise<void>;
  /** Every digest that runs, models and versions refer to: what a sweep of the artifact store must keep. */
  liveDigests(): AsyncIterable<string>;
}

/**
 * Opens the tracker on a store and an artifact store.
 *
 * ```ts
 * import { openTracking, trackingMigrations } from "@scanflow/tracking";
 * import { openArtifactStore } from "@scanflow/tracking/artifacts";
 * import { openStore } from "@scanflow/tracking/store";
 *
 * const store = await openStore<unknown>({ location: "scanflow.db", migrations: trackingMigrations });
 * const artifacts = await openArtifactStore({ root: "artifacts" });
 * const tracking = await openTracking({ store, artifacts });
 * const experimentId = await tracking.ensureExperiment("digits");
 * ```
 */
export async function openTracking(options: TrackingOptions): Promise<Tracking> {
  const { store, artifacts, clock = Date.now } = options;
  const index = new RunIndex(store);
  const { allowPrivate = false, timeoutMs = 30_000, backoffMs = 1000 } = options.webhooks ?? {};
  const context: TrackingContext = {
    store,
    artifacts,
    now: clock,
    actor: localUser(options.user),
    index,
    outbox: new Outbox({ store, now: clock }),
    reach: { allowPrivate },
    webhooks: { timeoutMs, backoffMs },
  };
  await store.write([addDefaultExperiment(clock())]);
  const logBatches = (batches: readonly RunBatch[]) => writeBatches(context, batches);
  return {
    context,
    ensureExperiment: (name, tags) => ensureExperiment(context, name, tags),
    startRuns: (starts) => startRuns(context, starts),
    endRuns: (ends) => endRuns(context, ends),
    logBatch: (runId, batch) => logBatches([{ runId, ...batch }]),
    logBatches,
    keepParams: (given) => keepParams(context, given),
    copyParams: (copies) => copyParams(context, copies),
    getRun: (runId) => getRun(context, runId),
    latestMetrics: (runIds) => latestMetrics(context, runIds),
    addArtifacts: async (runId, list) => addArtifacts(context, await index.get(runId), list),
    registerVersion: async ({ runId, ...registration }) =>
      registerVersion(context, await index.get(runId), registration),
    registryHistory: async (query) => (await registryHistory(context, query)).items,
    versionSignature: (name, version) => versionSignature(context, name, version),
    versionsOfRuns: (runIds) => versionsOfRuns(context, runIds),
    modelOrigin: (name, reference) => modelOrigin(context, name, reference),
    filesOfRun: (runId, path) => filesOfRun(context, runId, path),
    holdersOf: (digest) => holdersOf(context, digest),
    purgeRuns: async (runIds) => {
      index.forget(runIds);
      return purgeRuns(context, runIds);
    },
    purgeExperiment: async (experimentId) => {
      const purged = await purgeExperiment(context, experimentId);
      index.forget(purged.runIds);
      return purged;
    },
    purgeEverything: () => {
      index.clear();
      return purgeEverything(context);
    },
    liveDigests: () => liveDigests(context),
  };
}

async function writeBatches(context: TrackingContext, batches: readonly RunBatch[]): Promise<void> {
  const { index } = context;
  const prepared = batches.map((batch) => ({ runId: batch.runId, batch: prepareBatch(batch) }));
  const units = await Promise.all(
    prepared.map(async ({ runId, batch }) => writeBatch(await index.get(runId), batch)),
  );
  await writeGuarded(context, units.flat());
}
