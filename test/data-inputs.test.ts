import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";
import { data } from "./data.test.support.ts";
import type { LineageDocument } from "./lineage.test.support.ts";
import { digestsOf, document, foreignFolder, type ShownRun } from "./upkeep.test.support.ts";

interface DataRun extends ShownRun {
  readonly data: Readonly<Record<string, { dataset: string; version: number; digest: string }>>;
}

/** One task reads a version by its number, the other the newest; both see the file's extension. */
const config = `application: lab
main: make
workflows:
  make:
    nodes:
      old: { run: "case {{inputs.raw}} in *.csv) cat {{inputs.raw}} > {{outputs.x}};; esac", inputs: { raw: { data: digits@1 } }, outputs: [x] }
      new: { run: "wc -l < {{inputs.raw}} > {{outputs.n}}", inputs: { raw: { data: digits } }, outputs: [n] }
`;
const one = "a,b\n1,2\n";
const two = "a,b\n1,2\n3,4\n";
const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

function lab(): Promise<string> {
  return folderOf({ "scanflow.yaml": config, "digits.csv": one });
}

async function runOf(folder: string): Promise<DataRun> {
  expect(await scanflow(folder, ["run"])).toMatchObject({ code: 0 });
  return document<DataRun>(folder, "show");
}

const cachedIn = ({ tasks }: ShownRun) => tasks.filter(({ cached }) => cached).map(({ id }) => id);

test("data that are not here are refused before anything runs, each at its place with what helps", async () => {
  const folder = await lab();
  await data(folder, ["add", "digits.csv", "--name", "digit"]);
  const refused = await scanflow(folder, ["run"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/^error SCANFLOW_DATA_UNKNOWN: Versions of data /);
  const lines = refused.stderr.split("\n").slice(1, 3);
  expect(lines[0]).toMatch(
    /scanflow\.yaml:6:\d+ workflows\.make\.nodes\.old\.inputs\.raw\.data: there is no dataset "digits" here/,
  );
  expect(lines[0]).toMatch(
    /did you mean "digit".*"scanflow data pull digits@1".*"scanflow data add PATH --name digits"/,
  );
  expect(lines[1]).toMatch(/scanflow\.yaml:7:\d+ .*"scanflow data pull digits"/);
  expect(await document<ShownRun[]>(folder, "ls")).toEqual([]);
  expect(await scanflow(folder, ["plan"])).toEqual(refused);
  expect(await scanflow(folder, ["graph"])).toMatchObject({ code: 0 });
  await data(folder, ["add", "digits.csv"]);
  expect(await scanflow(folder, ["plan"])).toMatchObject({ code: 0, stderr: "" });
});

test("a version is read by its digest, recorded, cached by its content and told by its lineage", async () => {
  const folder = await lab();
  await data(folder, ["add", "digits.csv", "--owner", "ann", "--sensitivity", "restricted"]);
  const first = await runOf(folder);
  const at1 = { dataset: "digits", version: 1, digest: sha256(one) };
  expect(first.data).toMatchObject({ "digits@1": at1, digits: at1 });
  expect(digestsOf(first)["old.x"]).toBe(sha256(one));

  writeFileSync(join(folder, "digits.csv"), two);
  await data(folder, ["add", "digits.csv"]);
  const second = await runOf(folder);
  expect(second.data.digits).toMatchObject({ version: 2, digest: sha256(two) });
  expect(cachedIn(second)).toEqual(["old"]);
  expect(digestsOf(second)["new.n"]).toBe(sha256("3\n"));

  const { nodes, edges } = await document<LineageDocument>(folder, "lineage", "latest/new/n");
  const [begun] = nodes.filter(({ kind }) => kind === "data");
  expect(begun).toMatchObject({
    ...{ id: "data:/digits@2", dataset: "digits", version: 2, digest: sha256(two) },
    ...{ owner: "ann", sensitivity: "restricted", addedBy: expect.any(String), added: expect.any(Number) },
  });
  expect(edges).toContainEqual(
    expect.objectContaining({ from: "data:/digits@2", kind: "used", name: "raw" }),
  );
  const { stdout } = await scanflow(folder, ["lineage", "latest/new"]);
  expect(stdout).toContain(`raw  digits@2  ${sha256(two).slice(0, 19)}  data of ann, 12 B`);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
    /digits@2 {2}sha256:[0-9a-f]{64} .*restricted, of ann, added /,
  );
});

test("what a run read stays though its version is forgotten, and the run can be reproduced", async () => {
  const folder = await lab();
  await data(folder, ["add", "digits.csv"]);
  await runOf(folder);
  await data(folder, ["rm", "digits@1"]);
  await scanflow(folder, ["gc", "--grace", "0"]);
  const reproduced = await scanflow(folder, ["reproduce", "latest", "--json"]);
  expect(reproduced).toMatchObject({ code: 0 });
  const refused = await scanflow(folder, ["run"]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("SCANFLOW_DATA_UNKNOWN") });
});

test("an archive carries the versions that workflows name, and no others", async () => {
  const folder = await lab();
  await data(folder, ["add", "digits.csv", "--owner", "ann"]);
  writeFileSync(join(folder, "digits.csv"), two);
  await data(folder, ["add", "digits.csv"]);
  await data(folder, ["add", "scanflow.yaml", "--name", "other"]);
  const first = await runOf(folder);
  const there = foreignFolder();
  const archive = join(there, "lab.tgz");
  const packed = await scanflow(folder, ["pack", "--out", archive]);
  expect(packed.stdout).toContain("data digits@1, digits@2");
  expect(await scanflow(there, ["unpack", archive, "--into", "lab"])).toMatchObject({ code: 0 });
  const unpacked = join(there, "lab");
  expect(await data(unpacked, ["ls"])).toMatchObject([
    { name: "digits", owner: "ann", versions: [{ version: 2 }, { version: 1 }] },
  ]);
  expect(digestsOf(await runOf(unpacked))).toEqual(digestsOf(first));
});

test("data of another machine are named by what fetches them, and a folder of data is handed over whole", async () => {
  const there = await folderOf({ "scanflow.yaml": config, "digits/a.csv": one, "digits/deep/b.csv": two });
  await data(there, ["add", "digits"]);
  const remote = `file://${foreignFolder()}/remote`;
  await data(there, ["push", "--remote", remote]);
  const here = await folderOf({
    "scanflow.yaml": `application: lab
main: make
workflows:
  make:
    nodes:
      sum: { run: "cat {{inputs.raw}}/a.csv {{inputs.raw}}/deep/b.csv > {{outputs.x}}", inputs: { raw: { data: digits@1 } }, outputs: [x] }
`,
  });
  const [, command = ""] =
    /"scanflow (data pull digits@1)"/.exec((await scanflow(here, ["run"])).stderr) ?? [];
  expect(await scanflow(here, [...command.split(" "), "--remote", remote])).toMatchObject({ code: 0 });
  expect(digestsOf(await runOf(here))["sum.x"]).toBe(sha256(one + two));
  expect(readFileSync(join(there, "digits/a.csv"), "utf8")).toBe(one);
});
