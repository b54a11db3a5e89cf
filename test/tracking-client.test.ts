import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openTracking, type Tracking, trackingMigrations, trackingRoutes } from "@scanflow/tracking";
import {
  type ArtifactStore,
  type ContentStore,
  openArtifactStore,
  openContentStore,
} from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { startS3rver, useS3 } from "../packages/tracking/src/objects/s3rver.support.ts";
import { findPostgres, startCluster } from "../packages/tracking/src/store/postgres/cluster.support.ts";
import { clients, pythonWith } from "./tracking/python.test.support.ts";

const run = promisify(execFile);

const stores = ["SQLite", "PostgreSQL"] as const;

test.each(
  Object.entries(clients).flatMap(([version, requirements]) =>
    stores.map((store) => ({ version, requirements, store })),
  ),
)(
  "a script with the unmodified $version client tracks, searches, registers and loads, with $store",
  async ({ version, requirements, store }) => {
    const python = await pythonWith(version, requirements);
    const database = store === "PostgreSQL" ? await startPostgres() : { location: undefined };
    if (!python || !database) return;
    const { url, tracking, artifacts, errors } = await serve({ location: database.location });
    await publishModel(tracking, artifacts);
    const env = { ...process.env, MLFLOW_TRACKING_URI: url, MLFLOW_DISABLE_TELEMETRY: "true" };
    const script = join(import.meta.dirname, "tracking", "client.py");
    const { stdout } = await run(python, ["-W", "ignore", script], { env, timeout: 180_000 });
    expect(stdout.trim().split("\n").at(-1)).toBe("ok");
    expect(errors).toEqual([]);
  },
  600_000,
);

test.each(Object.entries(clients))(
  "a script with the unmodified %s client keeps artifacts in S3, whole and in parts",
  async (version, requirements) => {
    const python = await pythonWith(version, requirements);
    if (!python) return;
    const s3 = await startS3rver();
    onTestFinished(() => s3.close());
    useS3(s3.endpoint);
    const artifacts = await openContentStore("s3://bucket/team/artifacts");
    onTestFinished(() => artifacts.close());
    const { url, tracking, asked, errors } = await serve({ artifacts });
    const env = { ...process.env, MLFLOW_TRACKING_URI: url, MLFLOW_DISABLE_TELEMETRY: "true" };
    const script = join(import.meta.dirname, "tracking", "artifacts.py");
    const { stdout } = await run(python, ["-W", "ignore", script], { env, timeout: 180_000 });
    expect(stdout.trim().split("\n").at(-1)).toBe("ok");
    expect(errors).toEqual([]);
    expect(asked.filter((one) => /^PUT .*\/mpu\/part\//.test(one)).length).toBe(4);
    const later = { live: tracking.liveDigests(), graceMs: 0, now: Date.now() + 3_600_000 };
    expect(await artifacts.sweep(later)).toMatchObject({ removed: expect.any(Number), kept: 0 });
  },
  600_000,
);

/** A PostgreSQL server for one test; the test is passed over where none is installed. */
async function startPostgres(): Promise<{ location: string } | undefined> {
  const programs = findPostgres();
  if (programs === undefined) {
    process.stderr.write("skipped: no PostgreSQL server is installed\n");
    return undefined;
  }
  const cluster = await startCluster(programs);
  onTestFinished(() => cluster.stop());
  return { location: cluster.url("postgres") };
}

/** A server as a user has it; gathers the requests that were answered with a 5xx. */
async function serve(given: { artifacts?: ContentStore; location?: string | undefined }) {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-client-"));
  const location = given.location ?? join(folder, "tracking.db");
  const store = await openStore({ location, migrations: trackingMigrations });
  const own = await openArtifactStore({ root: join(folder, "artifacts") });
  const artifacts = given.artifacts ?? own;
  const tracking = await openTracking({ store, artifacts });
  const app = fastify();
  const errors: string[] = [];
  const asked: string[] = [];
  app.addHook("onResponse", async (request, reply) => {
    asked.push(`${request.method} ${request.url}`);
    if (reply.statusCode >= 500) errors.push(`${request.method} ${request.url} ${reply.statusCode}`);
  });
  await app.register(trackingRoutes(tracking));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await app.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { url, tracking, artifacts: own, asked, errors };
}

/** What the engine does after a step: a folder as an artifact of its run, registered as a model. */
async function publishModel(tracking: Tracking, artifacts: ArtifactStore): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-model-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "MLmodel"), "flavors: {}\n");
  await writeFile(join(folder, "weights.txt"), "0.25");
  const artifact = await artifacts.publish(folder);
  const experimentId = await tracking.ensureExperiment("engine");
  await tracking.startRuns([{ runId: "engine-run", experimentId, name: "train", startTime: Date.now() }]);
  await tracking.addArtifacts("engine-run", [{ path: "model", ...artifact }]);
  await tracking.registerVersion({
    name: "engine-model",
    runId: "engine-run",
    source: "model",
    digest: artifact.digest,
  });
}
