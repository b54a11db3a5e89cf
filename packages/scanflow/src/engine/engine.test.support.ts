import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plan, planWorkflow, type RunEvent, requireApplication } from "@scanflow/core";
import { openTracking, type Tracking, trackingMigrations } from "@scanflow/tracking";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { processRunner } from "../runners/index.ts";
import { readDevice } from "./device.ts";
import { Engine, type StartOptions } from "./engine.ts";
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

/** A real engine on a folder: its own store, artifacts, tracker and process runner, without the HTTP server. */
export async function openTestEngine(root: string, cpus = 2): Promise<TestEngine> {
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
    runner: processRunner({ artifacts, cacheDir: join(root, "cache"), threads: cpus }),
    trackers: {
      open: async () => new Map([["", { tracking, uri: "http://127.0.0.1:9" }]]),
      close: async () => {},
      borrow: (_, work) => work(tracking),
    },
    device,
    capacity: { cpu: cpus, memory: device.memory, gpu: 0, tasks: 4096 },
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

async function parentMade(file: string): Promise<string> {
  await mkdir(join(file, ".."), { recursive: true });
  return file;
}

/** The plan of a document with one workflow `w`. */
export function planOf(nodes: Record<string, unknown>, rest: Record<string, unknown> = {}): Plan {
  return planWorkflow(requireApplication({ application: "app", workflows: { w: { nodes, ...rest } } }));
}
