import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";
import { document, type ShownRun } from "./upkeep.test.support.ts";

const config = `application: lab
main: make
workflows:
  make:
    nodes:
      copy: { run: "echo copying; cat {{inputs.raw}} > {{outputs.x}}", inputs: { raw: { file: raw.txt } }, outputs: [x] }
`;

interface Garbage {
  readonly runs: readonly string[];
  readonly artifacts: { readonly files: number; readonly bytes: number };
}

test("old runs are dropped with what they alone refer to; the newest stays whole", async () => {
  const folder = await folderOf({ "scanflow.yaml": config });
  for (const text of ["first", "second", "third"]) {
    writeFileSync(join(folder, "raw.txt"), text);
    expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  }
  const runs = (await document<ShownRun[]>(folder, "ls")).map(({ run }) => run);
  const kept = await document<ShownRun>(folder, "show");
  expect((await document<Garbage>(folder, "gc")).runs).toEqual([]);
  const dry = await scanflow(folder, ["gc", "--keep", "1", "--dry-run"]);
  expect(dry.stdout).toContain(`would drop run ${runs[2]}`);
  expect(dry.stdout).toContain("Would free ");
  const done = await document<Garbage>(folder, "gc", "--keep", "1", "--grace", "0");
  expect(done.runs.toSorted()).toEqual([runs[1], runs[2]].toSorted());
  expect(done.artifacts).toEqual({ files: 2, bytes: "first".length + "second".length });
  expect(await document<ShownRun>(folder, "show")).toEqual(kept);
  expect((await document<ShownRun[]>(folder, "ls")).map(({ run }) => run)).toEqual([kept.run]);
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  expect((await document<ShownRun>(folder, "show")).tasks).toMatchObject([{ id: "copy", cached: true }]);
});

test("a time span or a number that is none is wrong use", async () => {
  const folder = await folderOf({ "scanflow.yaml": config, "raw.txt": "x" });
  for (const args of [
    ["--older-than", "soon"],
    ["--keep", "-1"],
    ["--grace", "5"],
  ]) {
    expect(await scanflow(folder, ["gc", ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SCANFLOW_USAGE"),
    });
  }
  expect(await scanflow(folder, ["gc", "--run", "nobody"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SCANFLOW_RUN_UNKNOWN"),
  });
});
