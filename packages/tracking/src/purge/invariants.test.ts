import fc from "fast-check";
import { expect, test } from "vitest";
import { createExperiment, deleteExperiment } from "../experiments/experiments.ts";
import { putFile } from "../locations/locations.ts";
import { containedRoot } from "../locations/root.ts";
import { createLoggedModel, deleteLoggedModel } from "../logged-models/logged-models.ts";
import { createModel, deleteModel } from "../registry/models.ts";
import { createVersion, deleteVersion } from "../registry/versions.ts";
import { deleteRun } from "../runs/runs.ts";
import { bytesOf, openTestTracking } from "../test-tracking.support.ts";
import type { Tracking } from "../tracking.ts";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";
import { purgeByName } from "./purge-by-name.ts";

/** Everything goes by small numbers: names that are in use, or not. */
const number = fc.integer({ min: 0, max: 2 });
const run = number.map((n) => `r${n}`);
const model = number.map((n) => `model${n}`);
const version = fc.constantFrom("1", "2", "3");
const content = fc.constantFrom("a", "b", "c");

/** A tracker, and the ids of logged models that were ever made in it. */
interface World {
  readonly tracking: Tracking;
  readonly logged: string[];
}

/** How many versions went by purges. */
let versionsGone = 0;
type Act = (world: World) => Promise<unknown>;

async function makeRun({ tracking }: World, runId: string, { n, text }: { n: number; text: string }) {
  const { context } = tracking;
  await createExperiment(context, { name: `e${n}` }).catch(() => undefined);
  const [row] = await context.store.read<{ id: number }>(
    "SELECT id FROM tracking_experiments WHERE name = ? AND lifecycle = 'active'",
    [`e${n}`],
  );
  if (!row) return;
  await tracking.startRuns([{ runId, experimentId: String(row.id), name: runId, startTime: 1 }]);
  const { root } = await context.index.get(runId);
  await putFile(context, `${root}/f.txt`, bytesOf(text));
}

/** In the run's experiment, or without a run. */
async function logModel({ tracking, logged }: World, runId: string | null, text: string): Promise<void> {
  const { context } = tracking;
  const found = runId === null ? undefined : await context.index.get(runId);
  const start = { experimentId: String(found?.experiment ?? 0), params: [], tags: [] };
  const made = await createLoggedModel(context, { ...start, sourceRunId: found?.runId });
  logged.push(made.modelId);
  await putFile(context, `${containedRoot(made.artifactUri)}/w.bin`, bytesOf(`weights ${text}`));
}

/** Of one of the logged models; as the routes let it, the run may be another one than that of the model. */
async function register(
  { tracking, logged }: World,
  name: string,
  { n, runId }: { n: number; runId: string | null },
) {
  const { context } = tracking;
  const [found] = await context.store.read<{ model_id: string; uri: string; run: string | null }>(
    `SELECT model_id, artifact_uri AS uri, source_run_id AS run FROM tracking_logged_models
      WHERE lifecycle = 'active' AND model_id = ?`,
    [logged.at(-1 - n) ?? ""],
  );
  if (!found) return;
  await createModel(context, { name, tags: [] }).catch(() => undefined);
  const other = runId === null ? undefined : (await context.index.find(runId))?.runId;
  const { model_id: modelId, uri } = found;
  const start = { name, source: `models:/${modelId}`, storageLocation: uri, modelId, tags: [] };
  await createVersion(context, { ...start, runId: other ?? found.run ?? undefined });
}

/** Some of everything, so that what comes by chance finds it. */
async function begin(tracking: Tracking): Promise<World> {
  await tracking.purgeEverything();
  const world: World = { tracking, logged: [] };
  for (const n of [0, 1, 2]) {
    await makeRun(world, `r${n}`, { n, text: "a" });
    await logModel(world, n === 2 ? null : `r${n}`, `${n}`);
    await register(world, `model${n}`, { n: 0, runId: null });
    await register(world, "model0", { n: 0, runId: null });
  }
  return world;
}

const anyRun = fc.option(run);

const purging: fc.Arbitrary<Act> = fc
  .oneof(
    run.map((runId) => ({ kind: "runs", runIds: [runId] }) as const),
    number.map((n) => ({ kind: "experiment", name: `e${n}` }) as const),
    model.map((name) => ({ kind: "model", name }) as const),
    fc.tuple(model, version).map(([name, v]) => ({ kind: "versions", name, versions: [v] }) as const),
    fc.constant({ kind: "deleted", olderThanMs: 0 } as const),
  )
  .map(
    (target): Act =>
      async ({ tracking }) => {
        const { young: _, ...foreseen } = await purgeByName(tracking, target, { dryRun: true });
        const before = await loggedByRuns(tracking);
        expect(await purgeByName(tracking, target)).toMatchObject(foreseen);
        versionsGone += foreseen.versions.length;
        const ofRegistry = target.kind === "model" || target.kind === "versions";
        if (ofRegistry) expect(await loggedByRuns(tracking)).toEqual(before);
      },
  );

const making: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(run, number, content).map(
    ([runId, n, text]): Act =>
      (world) =>
        makeRun(world, runId, { n, text }),
  ),
  fc.tuple(anyRun, content).map(
    ([runId, text]): Act =>
      (world) =>
        logModel(world, runId, text),
  ),
  fc.tuple(model, number, anyRun).map(
    ([name, n, runId]): Act =>
      (world) =>
        register(world, name, { n, runId }),
  ),
  fc.tuple(model, version).map(
    ([name, v]): Act =>
      ({ tracking }) =>
        deleteVersion(tracking.context, name, v),
  ),
  model.map(
    (name): Act =>
      ({ tracking }) =>
        deleteModel(tracking.context, name),
  ),
  run.map(
    (runId): Act =>
      ({ tracking }) =>
        deleteRun(tracking.context, runId),
  ),
  number.map(
    (n): Act =>
      ({ tracking, logged }) =>
        deleteLoggedModel(tracking.context, logged.at(-1 - n) ?? ""),
  ),
  number.map(
    (n): Act =>
      async ({ tracking: { context } }) => {
        const select = "SELECT id FROM tracking_experiments WHERE name = ?";
        const [row] = await context.store.read<{ id: number }>(select, [`e${n}`]);
        if (row) await deleteExperiment(context, String(row.id));
      },
  ),
);

const act = fc.oneof({ weight: 3, arbitrary: making }, { weight: 1, arbitrary: purging });

/** The files of models that runs logged which are there: a purge of the registry leaves them. */
function loggedByRuns({ context }: Tracking): Promise<unknown[]> {
  return context.store.read(
    `SELECT a.path, a.digest FROM tracking_logged_models l JOIN tracking_runs r ON r.run_id = l.source_run_id
      JOIN tracking_artifacts a ON 'mlflow-artifacts:/' || a.path LIKE l.artifact_uri || '/%' ORDER BY a.path`,
  );
}

/** Rows that refer to what is not there. */
const dangling = {
  "versions without their run": `SELECT * FROM tracking_versions v WHERE v.run_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM tracking_runs r WHERE r.run_id = v.run_id)`,
  "versions without their logged model": `SELECT * FROM tracking_versions v WHERE v.model_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM tracking_logged_models l WHERE l.model_id = v.model_id)`,
  "logged models without their run": `SELECT * FROM tracking_logged_models l WHERE l.source_run_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM tracking_runs r WHERE r.run_id = l.source_run_id)`,
  "files without a run or logged model": `SELECT * FROM tracking_artifacts a WHERE NOT EXISTS (
      SELECT 1 FROM tracking_runs r WHERE 'mlflow-artifacts:/' || a.path LIKE r.artifact_uri || '/%')
    AND NOT EXISTS (SELECT 1 FROM tracking_logged_models l
      WHERE 'mlflow-artifacts:/' || a.path LIKE l.artifact_uri || '/%')`,
};

test("whatever is made, deleted and purged, nothing refers to what is gone, and no file is left over", async () => {
  const { tracking, artifacts } = await openTestTracking();
  const { store } = tracking.context;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 20 }), async (acts) => {
      const world = await begin(tracking);
      for (const one of acts) {
        await one(world).catch((error: { code?: string }) => {
          expect(error.code, String(error)).toMatch(/^SCANFLOW_TRACKING_(EXISTS|MISSING|INVALID|STATE)$/);
        });
        for (const [what, query] of Object.entries(dangling))
          expect([what, await store.read(query)]).toEqual([what, []]);
      }
      await collectTrackerGarbage(tracking, { graceMs: 0, force: true });
      const live = await Array.fromAsync(tracking.liveDigests());
      for (const digest of live) await artifacts.verify(digest);
      expect(
        await artifacts.sweep({ live: [], graceMs: 0, now: Number.MAX_SAFE_INTEGER, dryRun: true }),
      ).toMatchObject({
        removed: live.length,
      });
    }),
    { numRuns: 25 },
  );
  // Few could be, by chance; none means that the test looks at nothing.
  expect(versionsGone).toBeGreaterThan(0);
});
