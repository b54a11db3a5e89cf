import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { globSync, readdirSync } from "node:fs";
import { copyFile, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { folderOf, type Running, scanflow, start, until } from "./cli.test.support.ts";
import { mlflowWithServer, startMlflowServer } from "./tracking/mlflow-server.test.support.ts";
import { post } from "./tracking/post.test.support.ts";
import { pythonWith } from "./tracking/python.test.support.ts";
import { startTrackServer } from "./tracking/track-server.test.support.ts";

const run = promisify(execFile);
const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");

test("an import of MLflow's SQLite file shows the stock client the same runs, models and files", async () => {
  const python = await pythonWith("3.x-sqlite", mlflowWithServer);
  if (!python) return;
  const { folder, told } = await fill(python);
  expect(await importInto(folder, "mlflow.db")).toEqual({
    experiments: 3,
    runs: 6,
    loggedModels: 1,
    versions: 3,
    files: 4,
    elsewhere: 0,
    present: 0,
  });
  expect(await tellTracker(python, folder)).toEqual(told);
  expect(await importInto(folder, "mlflow.db")).toEqual({
    experiments: 0,
    runs: 0,
    loggedModels: 0,
    versions: 0,
    files: 0,
    elsewhere: 0,
    present: 6,
  });
  expect(await tellTracker(python, folder)).toEqual(told);
  const later = await folderOf({});
  await copyFile(join(folder, "mlflow.db"), join(later, "mlflow.db"));
  numberAsInFiles(join(later, "mlflow.db"));
  const numbered = await importInto(later, "mlflow.db", "--artifacts-from", join(folder, "mlruns"));
  expect(numbered).toMatchObject({ experiments: 3, runs: 6, loggedModels: 1, versions: 3 });
}, 600_000);

/** Gives experiments such numbers as `mlflow migrate-filestore` leaves: larger than JavaScript's. */
function numberAsInFiles(file: string): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  for (const table of ["experiments", "experiment_tags", "runs", "logged_models", "datasets"]) {
    db.exec(`UPDATE ${table} SET experiment_id = experiment_id + 822691128798744448 WHERE experiment_id > 0`);
  }
  db.close();
}

test("files that were moved are imported once it is said where they are, and missed before", async () => {
  const python = await pythonWith("3.x-sqlite", mlflowWithServer);
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

test("an import from a stock server shows the stock client the same at both servers", async () => {
  const python = await pythonWith("3.x-sqlite", mlflowWithServer);
  if (!python) return;
  const folder = await folderOf({});
  const server = await startMlflowServer(python, folder);
  await script(python, "fill.py", { folder, uri: server.url });
  expect(await importInto(folder, server.url)).toMatchObject({
    experiments: 3,
    runs: 6,
    versions: 2,
    files: 4,
  });
  const told = JSON.parse(await script(python, "tell.py", { folder, uri: server.url }));
  expect(await tellTracker(python, folder)).toEqual(told);
  expect(await importInto(folder, server.url)).toMatchObject({ runs: 0, files: 0, present: 6 });
  const csv = await expectDone(folder, "export", "runs", "digits", "--tracker", server.url);
  expect(csv).toBe(await expectDone(folder, "export", "runs", "digits"));
  const names = ["Default", "digits", "gone", "empty"];
  const archive = ["export", "experiment", ...names, "--out"];
  await expectDone(folder, ...archive, "served.tar.gz", "--tracker", server.url);
  const other = await folderOf({});
  expect(await importInto(other, join(folder, "served.tar.gz"))).toMatchObject({ runs: 6, files: 4 });
  expect(await tellTracker(python, other)).toEqual(told);
  await server.end();
  const away = await scanflow(folder, ["import", server.url]);
  expect(away.stderr).toMatch(/^error SCANFLOW_TRANSFER_SERVER: .*does not answer.*\n$/);
  expect(away.code).not.toBe(0);
}, 600_000);

test("experiments go through an archive into an application's own tracker and out again unchanged, while a run is under way", async () => {
  const python = await pythonWith("3.x-sqlite", mlflowWithServer);
  if (!python) return;
  const { folder } = await fill(python);
  await importInto(folder, "mlflow.db");
  const names = ["digits", "gone", "empty"];
  const archive = join(folder, "all.tar.gz");
  await expectDone(folder, "export", "experiment", ...names, "--out", archive);
  const application = await folderOf({
    "scanflow.yaml": `application: lab
workflows:
  main: { nodes: { wait: { run: "echo begun; ${until("go")}" } } }
`,
  });
  expect(await importInto(application, archive)).toMatchObject({ experiments: 3, runs: 4, present: 0 });
  const running = start(application, ["run"]);
  await running.saw("begun");
  expect(await importInto(application, archive)).toMatchObject({ experiments: 0, runs: 0, present: 4 });
  await expectDone(application, "export", "experiment", ...names, "--out", "again.tar.gz");
  const [first, again] = await Promise.all(
    [archive, join(application, "again.tar.gz")].map((file) => readFile(file)),
  );
  expect(again?.equals(first ?? Buffer.of())).toBe(true);
  const csv = await expectDone(application, "export", "runs", "digits");
  expect(csv).toBe(await expectDone(folder, "export", "runs", "digits"));
  const refused = await scanflow(application, ["export", "experiment", "digits", "--out", "again.tar.gz"]);
  expect(refused.stderr).toContain("SCANFLOW_FILE_EXISTS");
  for (const command of [["export", "experiment", "digits"], ["export", "runs", "digits"], ["pack"]]) {
    const nowhere = await scanflow(application, [...command, "--out", "none/it"]);
    expect(nowhere.stderr).toMatch(
      /^(?:The tracker.*\n)?error SCANFLOW_USAGE: .*the folder ".*none" does not exist/,
    );
  }
  const unknown = await scanflow(application, ["export", "experiment", "nope", "--out", "nope.tar.gz"]);
  expect(unknown.stderr).toContain("SCANFLOW_TRACKING_MISSING");
  await writeFile(join(application, "go"), "");
  expect((await running.ended).code).toBe(0);
}, 600_000);

test("an export that is ended by Ctrl-C leaves nothing behind, and an import neither", async () => {
  const folder = await folderOf({});
  const server = await startTrackServer({ nodeArguments: [bin], folder });
  const started = { experiment_id: "0", start_time: 1 };
  const { run } = await post<{ run: { info: { artifact_uri: string } } }>(server.url, "runs/create", started);
  const place = run.info.artifact_uri.replace("mlflow-artifacts:", "/api/2.0/mlflow-artifacts/artifacts");
  // Bytes that do not become fewer: they take a while.
  await fetch(`${server.url}${place}/large.bin`, { method: "PUT", body: randomBytes(100 * 2 ** 20) });
  const served = start(folder, ["export", "experiment", "Default", "--out", "a.tar.gz"]);
  await endInTheMiddle(served, folder);
  server.signal("SIGTERM");
  await server.ended;
  await endInTheMiddle(start(folder, ["export", "experiment", "Default", "--out", "a.tar.gz"]), folder);
  await expectDone(folder, "export", "experiment", "Default", "--out", "a.tar.gz");
  const other = await folderOf({});
  const importing = start(other, ["import", join(folder, "a.tar.gz")]);
  const incoming = join(other, "tracker", "artifacts", "incoming");
  await vi.waitUntil(() => globSync("*/*", { cwd: incoming }).length > 0, { timeout: 60_000, interval: 2 });
  importing.child.kill("SIGINT");
  expect((await importing.ended).code).toBe(130);
  expect(globSync("*/*", { cwd: incoming })).toEqual([]);
  expect(await importInto(other, join(folder, "a.tar.gz"))).toMatchObject({ runs: 1, files: 1, present: 0 });
});

/** Once it has begun to write. */
async function endInTheMiddle(exporting: Running, folder: string): Promise<void> {
  const before = ["tracker"];
  const more = () => readdirSync(folder).length > before.length;
  await vi.waitUntil(more, { timeout: 60_000, interval: 2 });
  exporting.child.kill("SIGINT");
  const { code, stderr } = await exporting.ended;
  expect([code, stderr]).toEqual([130, expect.not.stringContaining("error")]);
  expect(readdirSync(folder)).toEqual(before);
}

test("what is no database of MLflow is told in one line, and neither a run nor a tracker comes of it", async () => {
  const folder = await folderOf({ "notes.txt": "no database" });
  const { code, stderr } = await scanflow(folder, ["import", "notes.txt"]);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/^error SCANFLOW_TRANSFER_SOURCE: .*notes\.txt cannot be imported.*\n$/);
  const away = await scanflow(folder, ["import", "http://127.0.0.1:9", "--store", "sqlite:///new/x.db"]);
  expect(away.stderr).toMatch(/^error SCANFLOW_TRANSFER_SERVER: /);
  const unknown = await scanflow(folder, ["export", "runs", "x", "--store", "sqlite:///new/x.db"]);
  expect(unknown.stderr).toMatch(/^error SCANFLOW_LOCATION_MISSING: /);
  expect(await readdir(folder)).toEqual(["notes.txt"]);
});

test("a tracker is exported while its server runs on SQLite, by its place and by its address, and the same as alone", async () => {
  const folder = await folderOf({});
  const server = await startTrackServer({ nodeArguments: [bin], folder });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ experiment_id: "0", start_time: 1, run_name: "first" });
  const made = await fetch(`${server.url}/api/2.0/mlflow/runs/create`, { method: "POST", headers, body });
  const { run } = (await made.json()) as { run: { info: { run_id: string; artifact_uri: string } } };
  const path = run.info.artifact_uri.replace("mlflow-artifacts:/", "mlflow-artifacts/artifacts/");
  await fetch(`${server.url}/api/2.0/${path}/f.txt`, { method: "PUT", body: "f" });
  const csv = await expectDone(folder, "export", "runs", "Default");
  expect(csv).toContain(`${run.info.run_id},first,RUNNING`);
  const elsewhere = await folderOf({});
  expect(await expectDone(elsewhere, "export", "runs", "Default", "--tracker", server.url)).toBe(csv);
  const written = { experiments: 1, runs: 1, files: 1 };
  const out = join(elsewhere, "x.tar.gz");
  const archived = await expectDone(folder, "export", "experiment", "Default", "--out", out, "--json");
  expect(JSON.parse(archived)).toMatchObject(written);
  expect(await importInto(elsewhere, out)).toMatchObject({ runs: 1, files: 1 });
  expect(await expectDone(elsewhere, "export", "runs", "Default")).toBe(csv);
  const busy = await scanflow(folder, ["import", out]);
  expect(busy.stderr).toMatch(/^error SCANFLOW_STORE_IN_USE: .*End it, import, and start it again/);
  const twice = ["--tracker", server.url, "--store", "sqlite:///x.db"];
  expect((await scanflow(folder, ["export", "runs", "Default", ...twice])).code).toBe(2);
  server.signal("SIGTERM");
  await server.ended;
  expect(await expectDone(folder, "export", "runs", "Default")).toBe(csv);
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
  const server = await startTrackServer({ nodeArguments: [bin], folder });
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
  return JSON.parse(await expectDone(folder, "import", ...args, "--json"));
}

async function expectDone(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await scanflow(folder, args);
  expect(code, stderr).toBe(0);
  return stdout;
}
