import type { z } from "zod";
import type { AnswerRoute, Routes, StreamRoute } from "../api/index.ts";
import { Catalog } from "../catalog/index.ts";
import { traceLineage } from "../lineage/index.ts";
import { ownVersion } from "../own-version.ts";
import { cancelRun, decideTask, pauseRun, resumeRun, retryRun } from "./control-run.ts";
import { resolveRun } from "./resolve-run.ts";
import { resolveTask } from "./resolve-task.ts";
import type { OwnerRooms } from "./rooms.ts";
import { runDetail } from "./run-detail.ts";
import { registeredModels } from "./run-models.ts";
import { withStatus } from "./run-status.ts";
import { startRun } from "./start-run.ts";
import { followLog, readLog } from "./task-log.ts";
import { tellTransfer } from "./tell-transfer.ts";
import { watchRun } from "./watch-run.ts";
import { whyTask } from "./why-task.ts";

type Handler<R> =
  R extends StreamRoute<infer I, infer O>
    ? (input: z.output<I>, signal?: AbortSignal) => AsyncIterable<z.output<O>>
    : R extends AnswerRoute<infer I, infer O>
      ? (input: z.output<I>) => Promise<z.output<O>>
      : never;

/** What answers each route of the API's table. */
export type Handlers = {
  readonly [Group in keyof Routes]: {
    readonly [Name in keyof Routes[Group]]: Handler<Routes[Group][Name]>;
  };
};

// Rooms that a run has no use for are loaded when a command first asks for them: the others start without.
const upkeep = () => import("../upkeep/index.ts");
const copies = () => import("./upkeep.ts");
const moves = () => import("./move-tracker.ts");
const verdicts = () => import("./run-verdicts.ts");

export function ownerHandlers(rooms: OwnerRooms): Handlers {
  const { engine, folder, taking } = rooms;
  const { journal } = engine;
  const catalog = new Catalog(rooms);
  const find = (run: string) => resolveRun(journal, run);
  return {
    health: {
      show: async () => ({
        version: ownVersion,
        pid: process.pid,
        root: folder.root,
        url: rooms.url(),
        tracker: rooms.trackers.remoteUrl ?? rooms.url(),
      }),
    },
    runs: {
      list: async ({ workflow, limit = 1000 }) => {
        const rows = await journal.runs();
        const wanted = rows.filter((row) => workflow === undefined || row.workflow === workflow);
        return Promise.all(wanted.slice(0, limit).map((row) => withStatus(rooms, row)));
      },
      show: async ({ run }) => runDetail(rooms, await find(run)),
      plan: async ({ run }) => journal.plan((await find(run)).plan),
      start: (input) => taking(() => startRun(rooms, catalog, input)),
      resume: ({ run }) => taking(async () => resumeRun(rooms, await find(run))),
      retry: ({ run, tasks }) => taking(async () => retryRun(rooms, await find(run), tasks ?? null)),
      pause: ({ run }) => taking(async () => pauseRun(rooms, await find(run))),
      cancel: ({ run, reason }) => taking(async () => cancelRun(rooms, await find(run), reason)),
      decide: ({ run, ...decision }) => taking(async () => decideTask(rooms, await find(run), decision)),
      events: async ({ run, after = 0, limit = 10_000 }) => {
        const row = await find(run);
        return (await journal.events(row.run, after)).slice(0, limit);
      },
      watch: async function* ({ run, after = 0, lines = true, until = "rest" }, signal) {
        yield* watchRun(rooms, { row: await find(run), after, lines, until, signal });
      },
      log: async ({ run, ...place }) => readLog(rooms, await find(run), place),
      followLog: async function* ({ run, task, attempt }, signal) {
        yield* followLog(rooms, await find(run), { task, attempt, signal });
      },
      why: async ({ run, task }) => whyTask(rooms, await find(run), task),
      verdicts: async ({ run, task }) => (await verdicts()).runVerdicts(rooms, await find(run), task ?? null),
      models: async ({ run }) => registeredModels(rooms, await find(run)),
      reproduce: ({ run, user }) =>
        taking(async () => (await copies()).startReproduction(rooms, await find(run), user ?? null)),
      compare: async ({ run, with: other }) => {
        const { compareWithOriginal } = await copies();
        return compareWithOriginal(rooms, await find(run), other === undefined ? null : await find(other));
      },
    },
    lineage: {
      show: ({ subject }) =>
        traceLineage(
          rooms,
          {
            run: find,
            task: resolveTask,
            trackers: async () => (await upkeep()).ownTrackers(rooms),
            data: () => catalog.list(),
          },
          subject,
        ),
    },
    data: {
      add: ({ user = null, ...input }, signal) =>
        tellTransfer(rooms, signal, (hear) => catalog.add({ ...input, user, ...hear })),
      list: ({ query }) => catalog.list(query),
      show: ({ version }) => catalog.show(version),
      diff: ({ before, after }) => catalog.diff(before, after),
      get: ({ version, path }, signal) =>
        tellTransfer(rooms, signal, (hear) => catalog.get(version, path, hear)),
      status: ({ remote, lastRemote = false }) =>
        catalog.status({ remote: remote ?? (lastRemote ? null : undefined) }),
      remove: ({ version }) => taking(() => catalog.remove(version)),
      push: (input, signal) => tellTransfer(rooms, signal, (hear) => catalog.push({ ...input, ...hear })),
      pull: ({ all = false, ...input }, signal) =>
        tellTransfer(rooms, signal, (hear) => catalog.pull({ ...input, all, ...hear })),
    },
    tracker: {
      import: (input, signal) =>
        tellTransfer(rooms, signal, async (hearing) =>
          (await moves()).importIntoTracker(rooms, input, hearing),
        ),
      export: (input, signal) =>
        tellTransfer(rooms, signal, async (hearing) =>
          (await moves()).exportFromTracker(rooms, input, hearing),
        ),
      runsAsCsv: async function* (input) {
        yield* (await moves()).trackerRunsAsCsv(rooms, input);
      },
    },
    upkeep: {
      collect: ({ runs = [], ...options }) =>
        taking(async () => {
          const named = await Promise.all(runs.map(async (run) => (await find(run)).run));
          const { collectGarbage } = await upkeep();
          return collectGarbage(rooms, { ...options, runs: named, now: Date.now() });
        }),
      wipe: ({ workflow, dryRun }) =>
        taking(async () => (await upkeep()).wipe(rooms, { workflow, dryRun, now: Date.now() })),
      purge: (input) =>
        taking(async () => (await upkeep()).purgeTracker(rooms, { ...input, now: Date.now() })),
      pack: (input) => taking(async () => (await copies()).packApplication(rooms, input)),
    },
  };
}
