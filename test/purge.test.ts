import { globSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, lastLine, scanflow, start, until } from "./cli.test.support.ts";
import { inTerminal, testOnTerminal } from "./terminal.test.support.ts";
import { post } from "./tracking/post.test.support.ts";
import { startTrackServer } from "./tracking/track-server.test.support.ts";

const bin = join(import.meta.dirname, "../packages/scanflow/bin/scanflow.js");

/** A model with two versions, registered from a run with a file; gives the run's id. */
async function register(url: string): Promise<string> {
  const { run } = await post(url, "runs/create", { experiment_id: "0", start_time: 1 });
  const { run_id } = (run as { info: { run_id: string } }).info;
  const path = `${url}/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/model/w.bin`;
  await fetch(path, { method: "PUT", body: "weights" });
  await post(url, "registered-models/create", { name: "digits" });
  for (const _ of [1, 2])
    await post(url, "model-versions/create", { name: "digits", source: `runs:/${run_id}/model`, run_id });
  return run_id;
}

test("a tracker is purged by command while it runs, and collected after it was killed", async () => {
  const folder = await folderOf({});
  const server = await startTrackServer({ nodeArguments: [bin], folder });
  const run = await register(server.url);
  const files = () => globSync("tracker/artifacts/sha256/*/*", { cwd: folder });
  expect(files()).toHaveLength(1);
  const survey = await scanflow(folder, ["purge", "version", "digits", "2", "--dry-run"]);
  expect(survey).toMatchObject({ code: 0, stdout: expect.stringContaining("1 version: digits/2") });
  expect(survey.stderr).toContain(run);
  const unasked = { code: 2, stderr: expect.stringContaining("SCANFLOW_UNCONFIRMED") };
  expect(await scanflow(folder, ["purge", "version", "digits", "2"])).toMatchObject(unasked);
  const wrong = await scanflow(folder, ["purge", "model", "digit"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_TRACKING_MISSING") });
  expect(await scanflow(folder, ["purge", "version", "digits", "2", "--yes"])).toMatchObject({ code: 0 });
  const gone = await scanflow(folder, ["purge", "version", "digits", "2", "--yes", "--json"]);
  expect([gone.code, lastLine(gone.stderr)]).toEqual([
    2,
    { error: { code: "SCANFLOW_TRACKING_MISSING", message: expect.stringContaining("version=2") } },
  ]);
  await post(server.url, "runs/delete", { run_id: run });
  const kept = await scanflow(folder, ["purge", "deleted", "--yes"]);
  expect(kept.stderr).toContain("version 1 of model digits was registered from it");
  expect(
    await scanflow(folder, ["purge", "model", "digits", "--yes", "--tracker", server.url]),
  ).toMatchObject({
    code: 0,
  });
  server.signal("SIGKILL");
  await server.ended;
  expect(await scanflow(folder, ["purge", "deleted", "--older-than", "1h", "--yes"])).toMatchObject({
    stdout: expect.stringContaining("nothing"),
  });
  const purged = await scanflow(folder, ["purge", "deleted", "--yes", "--json"]);
  expect(JSON.parse(purged.stdout)).toMatchObject({ runIds: [run], files: 1, bytes: 7 });
  expect(files()).toEqual([]);
  expect(await scanflow(folder, ["gc"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("0 files"),
  });
  expect(await scanflow(folder, ["gc", "--keep", "1"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--keep is about runs of an application"),
  });
  expect(await scanflow(folder, ["gc", "--store", "sqlite:///other.db"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--artifacts"),
  });
});

test("a model of an application is purged through the process that owns its folder", async () => {
  const train = { run: "echo weights > {{outputs.m}}", outputs: { m: { register: "digits" } } };
  const workflows = {
    learn: { nodes: { train } },
    busy: { nodes: { waits: { run: `echo waits; ${until("go")}`, cache: false } } },
  };
  const folder = await folderOf({
    "scanflow.yaml": JSON.stringify({ application: "lab", main: "learn", workflows }),
  });
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  const owner = start(folder, ["run", "busy"]);
  await owner.saw("waits");
  const purged = await scanflow(folder, ["purge", "model", "digits", "--yes", "--json"]);
  expect(JSON.parse(purged.stdout)).toMatchObject({ models: ["digits"], versions: ["digits/1"], runIds: [] });
  expect(await scanflow(folder, ["purge", "experiment", "lab/learn", "--yes"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_PURGE_OWNED"),
  });
  expect(await scanflow(folder, ["cancel", "latest"])).toMatchObject({ code: 0 });
  expect((await owner.ended).code).toBe(1);
  const shown = await scanflow(folder, ["lineage", "models:/digits/1"]);
  expect(shown).toMatchObject({ code: 2, stdout: "" });
  const again = await scanflow(folder, ["run"]);
  expect(again).toMatchObject({ code: 0 });
  const why = await scanflow(folder, ["why", "train"]);
  expect(why.stdout).toContain("left nothing to take over");
  expect((await scanflow(folder, ["lineage", "models:/digits/1"])).stdout).toContain("train");
});

testOnTerminal("on a terminal a person sees what would go and says yes or no", async () => {
  const folder = await folderOf({});
  const server = await startTrackServer({ nodeArguments: [bin], folder });
  await register(server.url);
  const purgeSaying = async (key: string) => {
    const asked = inTerminal(folder, "rows 24 cols 100", "purge model digits");
    await asked.saw("Remove all this?");
    asked.child.stdin?.write(key);
    return asked.ended;
  };
  const refused = await purgeSaying("\r");
  expect(refused.code).toBe(2);
  expect(refused.stdout).toContain("digits/1, digits/2");
  expect(refused.stdout).toContain("SCANFLOW_UNCONFIRMED");
  expect((await purgeSaying("y")).code).toBe(0);
  expect(await scanflow(folder, ["purge", "model", "digits", "--yes"])).toMatchObject({ code: 2 });
});
