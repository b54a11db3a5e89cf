import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@scanflow/checks/random";
import { expect, test } from "vitest";
import { folderOf, scanflow, start } from "./cli.test.support.ts";

const application =
  "application: demo\nworkflows:\n  main:\n    nodes:\n      a: { kind: executor, run: echo hi }\n";
const random = createRandom(4, "check-stream");
const reference = ["age,income", ...Array.from({ length: 600 }, () => `${age(0)},${age(500)}`)].join("\n");
const rows = Array.from({ length: 1200 }, (_, index) => ({
  id: `r${index}`,
  at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
  age: age(index < 600 ? 0 : 15),
  income: age(500),
  wrong: random.uniform() < (index < 600 ? 0.1 : 0.6),
}));
const lines = (part: readonly unknown[]) => part.map((row) => `${JSON.stringify(row)}\n`).join("");

function age(shift: number): number {
  const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform();
  return Math.round(200 * sum + 10 * shift) / 10;
}

function madeFolder(): Promise<string> {
  return folderOf({
    "scanflow.yaml": application,
    "reference.csv": reference,
    "first.jsonl": lines(rows.slice(0, 500)),
    "all.jsonl": lines(rows),
    "rest.jsonl": lines(rows.slice(500)),
    "rules.yaml":
      "format: scanflow-schema\nversion: 1\ncolumns:\n  age: { type: number, limits: [0, 80.5] }\n  income: { type: number }\n",
    "checkers/rows.ts": `export default async (window) => {
      const { rows } = await window.profile();
      return { status: "ok", kind: "rows", message: rows + " rows.", columns: [], evidence: {} };
    };`,
  });
}

const columns = ["--columns", "age,income"];
const drift = ["check", "--stream", "loans", "--reference", "reference.csv", "--window", "200", ...columns];
const documents = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a stream is judged as it comes; a checker that is killed goes on where it was", async () => {
  const folder = await madeFolder();
  await scanflow(folder, ["stream", "append", "loans", "first.jsonl", "--id", "id", "--time", "at"]);
  const first = start(folder, [...drift, "--cool-down", "1"]);
  await first.saw("window 1 (200 records)");
  await sleep(100);
  first.child.kill("SIGKILL");
  await first.ended;
  await scanflow(folder, ["stream", "append", "loans", "rest.jsonl", "--id", "id", "--time", "at"]);
  const second = await scanflow(folder, [...drift, "--cool-down", "1", "--once", "--json"]);
  expect(second.code).toBe(1);
  expect(documents(second.stdout).map(({ window }) => window.firstId)).toEqual([
    "r400",
    "r600",
    "r800",
    "r1000",
  ]);
  const kept = await scanflow(folder, ["check", "--stream", "loans", "--verdicts", "--json"]);
  const verdicts = documents(kept.stdout);
  expect(verdicts.map(({ window, verdict, told }) => [window.number, verdict.status, told])).toEqual([
    ...[0, 1, 2].map((number) => [number, "ok", false]),
    [3, "alarm", true],
    [4, "alarm", false],
    [5, "alarm", true],
  ]);
  expect(verdicts[3].checks[0].evidence.age).toMatchObject({ status: "alarm", currentCount: 200 });

  const again = [...drift, "--cool-down", "1", "--once"];
  expect((await scanflow(folder, again)).stderr).toContain("No window has closed");
  const other = await scanflow(folder, again.with(again.indexOf("age,income"), "age"));
  expect(other).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('columns was ["age","income"] and is ["age"]'),
  });
});

test("windows of time, detectors and checkers of one's own follow the same stream, each under its name", async () => {
  const folder = await madeFolder();
  await scanflow(folder, ["stream", "append", "loans", "all.jsonl", "--id", "id", "--time", "at"]);
  const ofStream = (...args: string[]) => scanflow(folder, ["check", "--stream", "loans", "--once", ...args]);
  const hours = await ofStream("--window", "4h", "--check", "checkers/rows.ts", "--json");
  expect(hours.stderr).toBe("");
  expect(documents(hours.stdout).map(({ verdict, window }) => [verdict.message, window.startMs])).toEqual(
    [0, 4, 8, 12].map((hour) => ["240 rows.", Date.UTC(2026, 0, 1, hour)]),
  );
  const errors = await ofStream("--detector", "hddm-a", "--column", "wrong");
  expect(errors.code).toBe(1);
  expect(errors.stdout).toContain('✗ alarm: "wrong" is no longer what it was at record r6');
  const params = ["--params", '{"expectedRunLength": 2000, "delta": 0}'];
  const rare = await ofStream(
    "--detector",
    "page-hinkley",
    "--column",
    "age",
    "--reference",
    "reference.csv",
    ...params,
  );
  expect(rare.stdout).toMatch(/^✗ alarm: "age" is no longer what it was at record r6\d\d,/);
  const list = await scanflow(folder, ["stream", "ls", "--json"]);
  expect(JSON.parse(list.stdout)[0].consumers).toMatchObject([
    { consumer: "checkers-rows.ts", behind: 0 },
    { consumer: "hddm-a-wrong", behind: 0 },
    { consumer: "page-hinkley-age", behind: 0 },
  ]);
});

test("windows are held against a schema, as files are", async () => {
  const folder = await madeFolder();
  await scanflow(folder, ["stream", "append", "loans", "all.jsonl", "--id", "id", "--time", "at"]);
  const args = [
    "--window",
    "400",
    "--columns",
    "age,income",
    "--check",
    "integrity",
    "--schema",
    "rules.yaml",
  ];
  const judged = await scanflow(folder, ["check", "--stream", "loans", "--once", "--json", ...args]);
  expect([judged.code, judged.stderr]).toEqual([1, ""]);
  expect(documents(judged.stdout).map(({ verdict }) => [verdict.kind, verdict.status])).toEqual([
    ["integrity", "ok"],
    ["integrity", "alarm"],
    ["integrity", "alarm"],
  ]);
});

test("what does not go together is said before anything is begun", async () => {
  const folder = await madeFolder();
  await scanflow(folder, ["stream", "append", "loans", "first.jsonl"]);
  const wrong: [args: string[], message: string][] = [
    [["--stream", "none", "--window", "5", "--once"], 'There is no stream "none"'],
    [["--stream", "loans", "--window", "5", "--slide", "1h"], "give both in the same unit"],
    [["--stream", "loans", "--window", "0"], "--window: must be a number of records such as 500"],
    [["--stream", "loans", "--detector", "ddm"], "Name the column that the detector watches"],
    [["--stream", "loans", "--detector", "dmd", "--column", "wrong"], "use one of adwin, page-hinkley"],
    [
      ["--stream", "loans", "--detector", "ddm", "--column", "wrong", "--schema", "s.yaml"],
      "leave out --check",
    ],
    [["--stream", "loans", "--window", "5", "--schema", "none.yaml", "--once"], "none.yaml"],
  ];
  for (const [args, message] of wrong) {
    expect(await scanflow(folder, ["check", ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  }
  const list = await scanflow(folder, ["stream", "ls", "--json"]);
  expect(JSON.parse(list.stdout)[0].consumers).toEqual([]);
});
