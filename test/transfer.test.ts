import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startTrack } from "../bench/tracking/child-server.ts";
import { folderOf, scanflow } from "./cli.test.support.ts";
import { pythonWith } from "./tracking/python.test.support.ts";

const run = promisify(execFile);
const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");
/** The stock client with what it needs to write an SQLite file. */
const requirements = ["mlflow-skinny>=3.6,<4", "sqlalchemy", "alembic"];

test("an import of MLflow's SQLite file shows the stock client the same runs, models and files", async () => {
  const python = await pythonWith("3.x-sqlite", requirements);
  if (!python) return;
  const { folder, told } = await fill(python);
  expect(await importInto(folder, "mlflow.db")).toEqual({
    experiments: 3,
    runs: 6,
    loggedModels: 1,
    versions: 3,
    files: 4,
    present: 0,
  });
  expect(await tellTracker(python, folder)).toEqual(told);
  expect(await importInto(folder, "mlflow.db")).toEqual({
    experiments: 0,
    runs: 0,
    loggedModels: 0,
    versions: 0,
    files: 0,
    present: 6,
  });
  expect(await tellTracker(python, folder)).toEqual(told);
}, 600_000);

test("files that were moved are imported once it is said where they are, and missed before", async () => {
  const python = await pythonWith("3.x-sqlite", requirements);
  if (!python) return;
  const { folder, told } = await fill(python);
  const elsewhere = await folderOf({});
  await rename(join(folder, "mlruns"), join(folder, "kept"));
  await rename(join(folder, "mlflow.db"), join(elsewhere, "old.db"));
  const refused = await scanflow(folder, ["import", join(elsewhere, "old.db"), "--json"]);
  expect(refused.stderr).toContain("SCANFLOW_TRANSFER_ARTIFACTS");
  expect(refused.code).not.toBe(0);
  await importInto(folder, join(elsewhere, "old.db"), "--artifacts-from", "kept");
  expect(await tellTracker(python, folder)).toEqual(told);
}, 600_000);

test("what is no database of MLflow is told in one line, and no run comes of it", async () => {
  const folder = await folderOf({ "notes.txt": "no database" });
  const { code, stderr } = await scanflow(folder, ["import", "notes.txt"]);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/^error SCANFLOW_TRANSFER_SOURCE: .*notes\.txt cannot be imported.*\n$/);
});

/** What the unmodified client wrote into a folder, and what it sees there. */
async function fill(python: string): Promise<{ folder: string; told: unknown }> {
  const folder = await folderOf({});
  const uri = "sqlite:///mlflow.db";
  await script(python, "fill.py", { folder, uri });
  return { folder, told: JSON.parse(await script(python, "tell.py", { folder, uri })) };
}

/** What the unmodified client sees of the tracker in a folder. */
async function tellTracker(python: string, folder: string): Promise<unknown> {
  const server = await startTrack({ nodeArguments: [bin], folder }, 0);
  const told = await script(python, "tell.py", { folder, uri: server.url });
  server.signal("SIGTERM");
  await server.ended;
  return JSON.parse(told);
}

async function script(
  python: string,
  name: string,
  { folder, uri }: { folder: string; uri: string },
): Promise<string> {
  const env = { ...process.env, MLFLOW_TRACKING_URI: uri, MLFLOW_DISABLE_TELEMETRY: "true" };
  const path = join(import.meta.dirname, "tracking", name);
  const { stdout } = await run(python, ["-W", "ignore", path], { cwd: folder, env, timeout: 180_000 });
  return stdout;
}

async function importInto(folder: string, ...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await scanflow(folder, ["import", ...args, "--json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
