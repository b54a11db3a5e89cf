import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";
import { digestsOf, document, foreignExample, foreignFolder, type ShownRun } from "./upkeep.test.support.ts";

test("digits packed here, unpacked elsewhere and run makes the same artifacts, also with no scanflow installed there", async () => {
  const here = foreignExample("digits");
  expect(await scanflow(here, ["run"])).toMatchObject({ code: 0 });
  const first = await document<ShownRun>(here, "show");
  const there = foreignFolder();
  const archive = join(there, "moved.scanflow.tgz");
  expect(await scanflow(here, ["pack", "--out", archive])).toMatchObject({ code: 0, stderr: "" });
  const unpacked = await scanflow(there, ["unpack", archive, "--into", "moved"]);
  expect(unpacked).toMatchObject({ code: 0 });
  expect(unpacked.stdout).toMatch(/Unpacked digits into moved: \d+ files\./);
  expect(existsSync(join(there, "moved/.scanflow"))).toBe(false);
  expect(await scanflow(there, ["-C", "moved", "run"])).toMatchObject({ code: 0 });
  const second = await document<ShownRun>(join(there, "moved"), "show");
  expect(digestsOf(second)).toEqual(digestsOf(first));
  expect(Object.keys(digestsOf(first)).length).toBeGreaterThan(5);
});

test("with runs and artifacts the other place shows them, and a run there is cached", async () => {
  const here = foreignExample("digits");
  expect(await scanflow(here, ["run"])).toMatchObject({ code: 0 });
  const first = await document<ShownRun>(here, "show");
  const packed = await scanflow(here, ["pack", "--runs", "all", "--artifacts"]);
  expect(packed.stdout).toMatch(/^Wrote digits\.scanflow\.tgz: \d+ files, 1 run, \d+ files of artifacts, /);
  const there = foreignFolder();
  const { into, runs } = await document<{ into: string; runs: string[] }>(
    there,
    "unpack",
    join(here, "digits.scanflow.tgz"),
  );
  expect(runs).toEqual([first.run]);
  expect(await document<ShownRun[]>(into, "ls")).toMatchObject([{ run: first.run, status: "succeeded" }]);
  expect(await document<ShownRun>(into, "show")).toEqual(first);
  expect(await scanflow(into, ["run"])).toMatchObject({ code: 0 });
  const second = await document<ShownRun>(into, "show");
  const working = second.tasks.filter(({ outputs }) => Object.keys(outputs).length > 0);
  expect(working.filter(({ cached }) => !cached)).toEqual([]);
  expect(digestsOf(second)).toEqual(digestsOf(first));
});

test("wrong use is exit code 2 with a code that says what to do", async () => {
  const folder = await folderOf({
    "scanflow.yaml": "application: a\nmain: m\nworkflows: { m: { nodes: { x: { run: 'true' } } } }\n",
  });
  expect(await scanflow(folder, ["pack", "--artifacts"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_USAGE"),
  });
  expect(await scanflow(folder, ["pack", "--runs", "latest"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_RUN_UNKNOWN"),
  });
  expect(await scanflow(folder, ["pack"])).toMatchObject({ code: 0 });
  expect(await scanflow(folder, ["pack"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_FILE_EXISTS"),
  });
  expect(await scanflow(folder, ["unpack", "scanflow.yaml"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_PACK_FORMAT"),
  });
  expect(await scanflow(folder, ["unpack", "a.scanflow.tgz", "--into", "."])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_PACK_DESTINATION"),
  });
});
