import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openTracking, trackingMigrations, trackingRoutes } from "@scanflow/tracking";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { ownerGateway } from "../packages/scanflow/src/gateway/index.ts";
import { clients, pythonWith } from "./tracking/python.test.support.ts";

const run = promisify(execFile);

test.each(Object.entries(clients))(
  "a script with the unmodified %s client finds its run through the gateway, and no other",
  async (version, requirements) => {
    const python = await pythonWith(version, requirements);
    if (!python) return;
    const folder = await mkdtemp(join(tmpdir(), "scanflow-gateway-"));
    const store = await openStore({ location: join(folder, "tracking.db"), migrations: trackingMigrations });
    const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
    const tracking = await openTracking({ store, artifacts });
    const app = fastify({ forceCloseConnections: true });
    await app.register(trackingRoutes(tracking));
    const uri = await app.listen({ host: "127.0.0.1", port: 0 });
    const gateway = ownerGateway({ artifacts });
    onTestFinished(async () => {
      await gateway.close();
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });
    const experimentId = await tracking.ensureExperiment("own");
    const startTime = Date.now();
    await tracking.startRuns([
      { runId: "a".repeat(32), experimentId, name: "mine", startTime },
      { runId: "b".repeat(32), experimentId, name: "other", startTime },
    ]);
    const door = await gateway.open({ host: "127.0.0.1" });
    const { variables } = door.admit({
      ...{ run: "r", task: "t", attempt: 1, token: "t", workdir: join(folder, "work") },
      tracking: { uri, experimentId, runId: "a".repeat(32) },
    });
    const env = {
      ...process.env,
      ...variables,
      OTHER_RUN_ID: "b".repeat(32),
      MLFLOW_DISABLE_TELEMETRY: "true",
    };
    const script = join(import.meta.dirname, "tracking", "through-gateway.py");
    const { stdout } = await run(python, ["-W", "ignore", script], { env, timeout: 180_000 });
    expect(stdout.trim().split("\n").at(-1)).toBe("ok");
  },
  600_000,
);
