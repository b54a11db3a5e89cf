import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openArtifactStore } from "../artifacts/index.ts";
import { historyMigration } from "../schema/history-tables.ts";
import { trackingMigrations } from "../schema/tracking-tables.ts";
import { openStore } from "../store/index.ts";
import { openTracking } from "../tracking.ts";
import { replay } from "./replay.support.ts";

test("a registry from before the history is put down as it was found, and no number is given twice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-history-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const location = join(folder, "t.db");
  const before = trackingMigrations.slice(0, trackingMigrations.indexOf(historyMigration));
  const old = await openStore<unknown>({ location, migrations: before });
  await old.write([
    {
      sql: "INSERT INTO tracking_models (id, name, description, created_ms, updated_ms) VALUES (7, 'm', 'about', 5, 5)",
    },
    { sql: "INSERT INTO tracking_model_tags (model, key, value) VALUES (7, 'k', 'v')" },
    {
      sql: `INSERT INTO tracking_versions (model, version, source, run_id, status, stage, created_ms, updated_ms)
        VALUES (7, 1, 's3://b/k', 'r1', 'READY', 'Production', 6, 6), (7, 2, '', NULL, 'READY', 'Deleted_Internal', 6, 6)`,
    },
    { sql: "INSERT INTO tracking_version_tags (model, version, key, value) VALUES (7, 1, 'a', 'b')" },
    { sql: "INSERT INTO tracking_aliases (model, alias, version) VALUES (7, 'best', 1)" },
  ]);
  await old.close();
  const store = await openStore<unknown>({ location, migrations: trackingMigrations });
  onTestFinished(() => store.close());
  const artifacts = await openArtifactStore({ root: join(folder, "artifacts") });
  const tracking = await openTracking({ store, artifacts, clock: () => 9, user: "mira" });
  const found = await tracking.registryHistory({ name: "m" });
  expect(replay(found)).toEqual({
    name: "m",
    description: "about",
    tags: { k: "v" },
    aliases: { best: 1 },
    versions: {
      1: { source: "s3://b/k", runId: "r1", stage: "Production", description: "", tags: { a: "b" } },
    },
  });
  expect(found.every(({ user, atMs }) => user === "" && atMs <= 6)).toBe(true);
  await tracking.startRuns([{ runId: "r2", experimentId: "0", name: "fit", startTime: 1 }]);
  const registration = { source: "model", digest: `sha256:${"0".repeat(64)}`, runId: "r2" };
  await tracking.registerVersion({ ...registration, name: "n" });
  const [made] = await tracking.registryHistory({ name: "n" });
  expect(made).toMatchObject({ model: 8, user: "mira", atMs: 9 });
});
