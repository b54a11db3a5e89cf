import fc from "fast-check";
import { expect, test } from "vitest";
import { purge } from "../purge/purge.ts";
import { rootsOf } from "../purge/purge-target.ts";
import { deleteAlias, setAlias } from "../registry/aliases.ts";
import {
  createModel,
  deleteModel,
  deleteModelTag,
  describeModel,
  getModel,
  renameModel,
  setModelTag,
} from "../registry/models.ts";
import { registerVersion } from "../registry/register-version.ts";
import { searchVersions } from "../registry/search-registry.ts";
import { transitionStage } from "../registry/stages.ts";
import {
  createVersion,
  deleteVersion,
  deleteVersionTag,
  describeVersion,
  setVersionTag,
} from "../registry/versions.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import type { Tracking, TrackingContext } from "../tracking.ts";
import { type Change, registryHistory } from "./history.ts";
import { type ReplayedModel, replay } from "./replay.support.ts";

const names = ["a", "b"];
const name = fc.constantFrom(...names);
const key = fc.constantFrom("k", "scanflow.application", "z");
const value = fc.constantFrom("", "x", "y");
const version = fc.constantFrom("1", "2", "3");
const tags = fc.array(fc.record({ key, value }), { maxLength: 2 });
const stage = fc.constantFrom("Staging", "Production", "Archived", "None");
const run = fc.constantFrom("r1", "r2");

interface World {
  readonly tracking: Tracking;
  readonly context: TrackingContext;
}
type Act = (world: World) => Promise<unknown>;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(name, tags, value).map(
    ([n, t, d]): Act =>
      ({ context }) =>
        createModel(context, { name: n, tags: t, description: d }),
  ),
  fc.tuple(name, name).map(
    ([n, m]): Act =>
      ({ context }) =>
        renameModel(context, n, m),
  ),
  fc.tuple(name, value).map(
    ([n, d]): Act =>
      ({ context }) =>
        describeModel(context, n, d),
  ),
  name.map(
    (n): Act =>
      ({ context }) =>
        deleteModel(context, n),
  ),
  fc.tuple(name, key, value).map(
    ([n, k, v]): Act =>
      ({ context }) =>
        setModelTag(context, n, { key: k, value: v }),
  ),
  fc.tuple(name, key).map(
    ([n, k]): Act =>
      ({ context }) =>
        deleteModelTag(context, n, k),
  ),
  fc.tuple(name, version).map(
    ([n, v]): Act =>
      ({ context }) =>
        setAlias(context, { name: n, alias: "best", version: v }),
  ),
  name.map(
    (n): Act =>
      ({ context }) =>
        deleteAlias(context, n, "best"),
  ),
  fc.tuple(name, tags, value, fc.option(run)).map(
    ([n, t, description, runId]): Act =>
      ({ context }) =>
        createVersion(context, {
          name: n,
          source: "s3://b/k",
          storageLocation: "s3://b/k",
          runId: runId ?? undefined,
          description,
          tags: t,
        }),
  ),
  fc.tuple(name, run, tags).map(
    ([n, runId, t]): Act =>
      async ({ context }) =>
        registerVersion(context, await context.index.get(runId), {
          name: n,
          source: "model",
          digest: `sha256:${"0".repeat(64)}`,
          tags: t,
        }),
  ),
  fc.tuple(name, version, value).map(
    ([n, v, description]): Act =>
      ({ context }) =>
        describeVersion(context, { name: n, version: v, description }),
  ),
  fc.tuple(name, version).map(
    ([n, v]): Act =>
      ({ context }) =>
        deleteVersion(context, n, v),
  ),
  fc.tuple(name, version, key, value).map(
    ([n, v, k, w]): Act =>
      ({ context }) =>
        setVersionTag(context, { name: n, version: v, tag: { key: k, value: w } }),
  ),
  fc.tuple(name, version, key).map(
    ([n, v, k]): Act =>
      ({ context }) =>
        deleteVersionTag(context, { name: n, version: v, key: k }),
  ),
  fc.tuple(name, version, stage, fc.boolean()).map(
    ([n, v, s, archiveExisting]): Act =>
      ({ context }) =>
        transitionStage(context, { name: n, version: v, stage: s, archiveExisting }),
  ),
  fc.tuple(name, version).map(
    ([n, v]): Act =>
      async ({ context }) =>
        purge(context, await rootsOf(context, { kind: "versions", name: n, versions: [v] })),
  ),
  name.map(
    (n): Act =>
      async ({ context }) =>
        purge(context, await rootsOf(context, { kind: "model", name: n })),
  ),
  run.map(
    (runId): Act =>
      async ({ tracking }) => {
        await tracking.purgeRuns([runId]);
        await tracking.startRuns([{ runId, experimentId: "0", name: runId, startTime: 1 }]);
      },
  ),
);

test("replaying the history gives the present registry, whatever was done to it", async () => {
  const { tracking } = await openTestTracking();
  const { context } = tracking;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 30 }), async (acts) => {
      await tracking.purgeEverything();
      const starts = ["r1", "r2"].map((runId) => ({ runId, experimentId: "0", name: runId, startTime: 1 }));
      await tracking.startRuns(starts);
      for (const { runId } of starts) {
        const registration = { name: "a", source: "model", digest: `sha256:${"0".repeat(64)}` };
        await tracking.registerVersion({ ...registration, runId });
      }
      for (const one of acts) {
        done += await one({ tracking, context }).then(
          () => 1,
          (error: { code?: string }) => {
            expect(error.code).toMatch(/^SCANFLOW_TRACKING_(EXISTS|MISSING|INVALID)$/);
            return 0;
          },
        );
      }
      for (const one of names)
        expect(replayed(await changesOf(context, one), one)).toEqual(await present(context, one));
    }),
    { numRuns: 120 },
  );
  expect(done).toBeGreaterThan(500);
});

/** Of the models that ever had the name, the one that has it in the end. */
function replayed(changes: readonly Change[], wanted: string): ReplayedModel | undefined {
  return [...Map.groupBy(changes, ({ model }) => model).values()]
    .map(replay)
    .find((model) => model?.name === wanted);
}

async function changesOf(context: TrackingContext, one: string): Promise<Change[]> {
  return (await registryHistory(context, { name: one })).items;
}

async function present(context: TrackingContext, one: string): Promise<ReplayedModel | undefined> {
  const model = await getModel(context, one).catch(() => undefined);
  if (!model) return undefined;
  const { items } = await searchVersions(context, { filter: `name = '${one}'`, maxResults: 1000 });
  const pairs = (list: readonly { key: string; value: string }[]) =>
    Object.fromEntries(list.map((tag) => [tag.key, tag.value]));
  return {
    name: model.name,
    description: model.description ?? "",
    tags: pairs(model.tags),
    aliases: Object.fromEntries(model.aliases.map((one) => [one.alias, one.version])),
    versions: Object.fromEntries(
      items.map((one) => [
        one.version,
        {
          source: one.source,
          runId: one.runId,
          stage: one.stage,
          description: one.description ?? "",
          tags: pairs(one.tags),
        },
      ]),
    ),
  };
}
