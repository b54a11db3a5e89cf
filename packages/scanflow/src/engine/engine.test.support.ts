import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plan, planWorkflow, type RunEvent, requireApplication } from "@scanflow/core";
import { openTracking, type Tracking, trackingMigrations } from "@scanflow/tracking";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { onTestFinished } from "vitest";
import { processRunner } from "../runners/index.ts";
import type { Runner } from "../runners/runner.ts";
import type { ActiveRun } from "./active-run.ts";
import { readDevice } from "./device.ts";
import { Engine, type EngineOptions, type StartOptions } from "./engine.ts";
import { engineMigrations } from "./journal.ts";
import { stateFolder } from "./state-folder.ts";

/** A folder that is gone at the end of the test. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "scanflow-engine-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface TestEngine {
  readonly engine: Engine;
  readonly tracking: Tracking;
  /** Runs to rest and gives the run's events. */
  run(plan: Plan, options?: StartOptions): Promise<RunEvent[]>;
  close(): Promise<void>;
}

export interface TestEngineOptions {
  readonly probe?: EngineOptions["probe"];
  /** Stands before the real runner, to see what it is asked for. */
  readonly before?: (runner: Runner) => Runner;
}

/** A real engine on a folder: its own store, artifacts, tracker and process runner, without the HTTP server. */
export async function openTestEngine(root: string, options: TestEngineOptions = {}): Promise<TestEngine> {
  const { probe, before = (runner) => runner } = options;
  const cpus = 2;
  const folder = stateFolder(root);
  const store = await openStore({
    location: await parentMade(folder.database),
    migrations: [...trackingMigrations, ...engineMigrations],
  });
  const artifacts = await openArtifactStore({ root: folder.artifacts });
  const tracking = await openTracking({ store, artifacts });
  const device = readDevice({});
  const engine = await Engine.open({
    folder,
    store,
    artifacts,
    runner: before(processRunner({ artifacts, cacheDir: join(root, "cache"), threads: cpus })),
    trackers: {
      open: async () => new Map([["", { tracking, store, uri: "http://127.0.0.1:9" }]]),
      close: async () => {},
      lend: (_, work) => work(tracking),
    },
    device,
    capacity: { cpu: cpus, memory: device.memory, gpu: 0, tasks: 4096 },
    ...(probe && { probe }),
  });
  return {
    engine,
    tracking,
    async run(plan, options) {
      const run = await engine.start(plan, options);
      await run.rest();
      return engine.journal.events(run.id);
    },
    async close() {
      await engine.close();
      await store.close();
    },
  };
}

/** An engine on a folder of its own; both are gone at the end of the test. */
export async function testEngine(
  options?: TestEngineOptions,
): Promise<TestEngine & { readonly root: string }> {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const rooms = await openTestEngine(folder.path, options);
  onTestFinished(rooms.close);
  return { ...rooms, root: folder.path };
}

async function parentMade(file: string): Promise<string> {
  await mkdir(join(file, ".."), { recursive: true });
  return file;
}

/** The plan of a document with one workflow `w`. */
export function planOf(nodes: Record<string, unknown>, rest: Record<string, unknown> = {}): Plan {
  return planWorkflow(requireApplication({ application: "app", workflows: { w: { nodes, ...rest } } }));
}

/** A command that runs until `go` is called. */
export const held = "until test -e go; do sleep 0.02; done";

/** Lets held commands end. */
export function go(root: string): Promise<void> {
  return writeFile(join(root, "go"), "");
}

/** Resolves when the run stores such an event (of that task), from now on. */
export function heard(run: ActiveRun, name: RunEvent["event"], task?: string): Promise<void> {
  return new Promise((resolve) => {
    const leave = run.onEvents((events) => {
      const found = events.some(
        (one) => one.event === name && (task === undefined || ("task" in one && one.task === task)),
      );
      if (!found) return;
      leave();
      resolve();
    });
  });
}

/** The events of one name. */
export function named<E extends RunEvent["event"]>(events: readonly RunEvent[], event: E) {
  return events.filter((one): one is Extract<RunEvent, { event: E }> => one.event === event);
}

/** Each task's status as the run's state has it. */
export function statuses({ scheduler }: ActiveRun): Record<string, string> {
  return Object.fromEntries(scheduler.state.tasks.map(({ id, status }) => [id, status]));
}
