import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApplicationDocument, planWorkflow, requireApplication } from "@scanflow/core";
import { openTracking, trackingMigrations } from "@scanflow/tracking";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { Engine, engineMigrations, keepHeapSmall, readDevice, stateFolder } from "scanflow/engine";
import { processRunner } from "scanflow/runners";
import { measure } from "../measure.ts";
import { chain, graph, parallel } from "./workflows.ts";

const CASES: Readonly<Record<string, (count: number) => ApplicationDocument>> = {
  chain: (count) => chain(count, "true"),
  parallel: (count) => parallel(count, "true"),
  functions: (count) => parallel(count, "function"),
  graph: (count) => graph(count, "function"),
};

/** As in a command, what the plan was made from is let go of. */
function planned() {
  const document = CASES[name]?.(Number(count));
  if (!document) throw new Error(`no case "${name}"`);
  const parsing = performance.now();
  const application = requireApplication(document);
  const planning = performance.now();
  const plan = planWorkflow(application);
  return { plan, parseMs: planning - parsing, planMs: performance.now() - planning };
}

keepHeapSmall();
const [name = "", count = "1", concurrency = "2", again = ""] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), "scanflow-bench-"));
writeFileSync(join(root, "step.ts"), "export default function step(): void {}\n");
const folder = stateFolder(root);
mkdirSync(folder.path, { recursive: true });
const store = await openStore<unknown>({
  location: folder.database,
  migrations: [...trackingMigrations, ...engineMigrations],
});
const artifacts = await openArtifactStore({ root: folder.artifacts });
const tracking = await openTracking({ store, artifacts });
const device = readDevice();
const cpus = Number(concurrency);
const engine = await Engine.open({
  folder,
  store,
  artifacts,
  runner: processRunner({ artifacts, cacheDir: join(root, "cache"), threads: cpus }),
  trackers: {
    open: async () => new Map([["", { tracking, store, uri: "http://127.0.0.1:9" }]]),
    close: async () => {},
    lend: (_, work) => work(tracking),
  },
  device,
  capacity: { cpu: cpus, memory: device.memory, gpu: 0, tasks: 4096 },
});
const { plan, ...times } = planned();
const once = async () => {
  const run = await engine.start(plan);
  await run.rest();
  if (run.status !== "succeeded") throw new Error(`the run ended as ${run.status}`);
};
if (again === "again") await once();
const cost = await measure(once);
await engine.close();
await store.close();
rmSync(root, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ ...cost, ...times })}\n`);
