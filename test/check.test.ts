import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";

/** 200 rows whose ages rise evenly from `from` on. */
function ages(from: number): string {
  const rows = Array.from({ length: 200 }, (_, row) => `${from + row / 4},${row % 2 ? "Bonn" : "Graz"}`);
  return `age,city\n${rows.join("\n")}\n`;
}

const OLDEST_TS = `import type { Checker } from "@scanflow/checks";

const oldest: Checker = async (window, _reference, { params }) => {
  const { columns } = await window.profile();
  const [age] = columns;
  const most = age?.kind === "number" ? (age.max ?? 0) : 0;
  const limit = Number(params.limit);
  return {
    status: most > limit ? "alarm" : "ok",
    kind: "age",
    message: \`The oldest is \${most}.\`,
    columns: most > limit ? ["age"] : [],
    evidence: { age: { status: most > limit ? "alarm" : "ok", effect: most - limit } },
  };
};
export default oldest;
`;

const OLDEST_PY = `import csv, json, os
with open(os.environ["SCANFLOW_INPUT_WINDOW"]) as file:
    most = max(float(row["age"]) for row in csv.DictReader(file))
print("read", most)
print(json.dumps({"status": "warning", "kind": "age", "message": f"The oldest is {most}."}))
`;

const WORKFLOW = `application: checked
workflows:
  main:
    nodes:
      gather: { run: "cp july.csv $SCANFLOW_OUTPUT_BATCH", code: [july.csv], outputs: [batch] }
      drift:
        check: drift
        inputs: { reference: { file: june.csv }, current: gather.batch }
        outputs: { report: report.html }
        params: { minimumEffect: 0.2, read: { columns: [age] } }
      oldest:
        check: checkers/oldest.ts
        inputs: { current: gather.batch }
        params: { limit: 60 }
      oldest-py: { kind: checker, check: python3 checkers/oldest.py, inputs: { current: gather.batch } }
      retrain: { run: "echo again", when: 'nodes.drift.result.status == "alarm"' }
`;

const FILES = {
  "scanflow.yaml": WORKFLOW,
  "june.csv": ages(20),
  "july.csv": ages(45),
  "checkers/oldest.ts": OLDEST_TS,
  "checkers/oldest.py": OLDEST_PY,
};

test("the command says by its exit code and one JSON object what it found; a saved profile stands for the data", async () => {
  const folder = await folderOf(FILES);
  const compare = (reference: string, current: string, ...more: string[]) =>
    scanflow(folder, ["check", "--reference", reference, "--current", current, ...more]);

  expect(await compare("june.csv", "june.csv")).toMatchObject({ code: 0, stderr: "" });
  expect(await scanflow(folder, ["profile", "june.csv", "--out", "june.json"])).toMatchObject({ code: 0 });
  const alarm = await compare("june.json", "july.csv", "--json", "--html", "page.html");
  expect(alarm).toMatchObject({ code: 1, stderr: "" });
  expect(JSON.parse(alarm.stdout)).toMatchObject({
    verdict: { status: "alarm", kind: "drift", columns: ["age"] },
    checks: [{ name: "drift", status: "alarm", evidence: { age: { status: "alarm" } } }],
    current: { rows: 200 },
    reference: { rows: 200 },
  });
  expect(await readFile(join(folder, "page.html"), "utf8")).toMatch(/^<!doctype html>[\s\S]*july\.csv/);

  const shown = await compare("june.csv", "july.csv");
  expect(shown.stdout).toMatch(/^july\.csv \(200 rows\) against june\.csv \(200 rows\)\n/);
  const adjusted = /adjusted p ([^)]+)\)/.exec(shown.stdout)?.[1] ?? "none";
  expect(shown.stdout).toMatch(new RegExp(`✗ drift: alarm\n[\\s\\S]*age +alarm .* ${adjusted} `));
  expect(shown.stdout).not.toContain("\u001b");
});

test("a profile sums up slices and spans of time apart", async () => {
  const sales = ["at,region,amount", "2024-05-01,north,3", "2024-05-01,south,4", "2024-05-02,north,5", ",,6"];
  const folder = await folderOf({ "sales.csv": `${sales.join("\n")}\n` });
  const profile = (...more: string[]) => scanflow(folder, ["profile", "sales.csv", ...more]);
  const shown = await profile("--slice", "region", "--bucket", "at=1d");
  expect(shown.stdout).toContain("rows by region: north 2, south 1, missing 1\n");
  expect(shown.stdout).toContain("rows by at: 2024-05-01T00:00:00 2, 2024-05-02T00:00:00 1, missing 1\n");
  const { segmentations } = JSON.parse((await profile("--slice", "region", "--json")).stdout);
  expect(segmentations[0].segments[0]).toMatchObject({ value: "north", rows: 2 });
  expect(await profile("--bucket", "at")).toMatchObject({ code: 2, stderr: expect.stringMatching(/at=1d/) });
  for (const size of ["1x", "0"]) {
    const refused = await profile("--bucket", `at=${size}`);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--bucket: must be a time such as/),
    });
  }
  expect(await profile("--slice", "city")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/"city" is to divide/),
  });
});

test("wrong use, unreadable data and a check that cannot judge exit with 2 and say what to do", async () => {
  const folder = await folderOf({ ...FILES, "ragged.csv": "age\n1\n2,3\n", "few.csv": "age,city\n1,Bonn\n" });
  const cases: [args: string[], told: RegExp][] = [
    [[], /SCANFLOW_USAGE.*--current/],
    [["--current", "ragged.csv", "--reference", "june.csv"], /ragged\.csv" line 3: the row has 2 cells/],
    [["--current", "july.csv", "--reference", "may.csv"], /may\.csv" is not there/],
    [["--current", "july.csv", "--check", "drif"], /Did you mean "drift"/],
    [["--current", "july.csv", "--reference", "june.csv", "--params", "{"], /--params is not JSON/],
    [
      ["--current", "july.csv", "--reference", "june.csv", "--params", '{"significance":2}'],
      /"significance" is 2/,
    ],
  ];
  for (const [args, told] of cases) {
    const ended = await scanflow(folder, ["check", ...args]);
    expect([args, ended.code, ended.stdout]).toEqual([args, 2, ""]);
    expect(ended.stderr).toMatch(told);
  }
  const few = await scanflow(folder, ["check", "--current", "few.csv", "--reference", "june.csv", "--json"]);
  expect(few.code).toBe(2);
  expect(JSON.parse(few.stdout).verdict).toMatchObject({ status: "invalid", kind: "drift" });
});

test("checks by name, by module and by command run in a workflow; verdict, figures and page are kept with the run", async () => {
  const folder = await folderOf(FILES);
  const first = await scanflow(folder, ["run"]);
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toMatch(/retrain/);
  const show = JSON.parse((await scanflow(folder, ["show", "--json"])).stdout);
  const tasks = new Map<string, Record<string, unknown>>(
    show.tasks.map((task: { id: string }) => [task.id, task]),
  );
  expect(tasks.get("drift")).toMatchObject({
    result: { status: "alarm", kind: "drift" },
    metrics: { columns: 1, alarms: 1, warnings: 0 },
  });
  expect(tasks.get("oldest")).toMatchObject({
    result: { status: "alarm", kind: "age" },
    metrics: { alarms: 1 },
  });
  expect(tasks.get("oldest-py")).toMatchObject({ result: { status: "warning", kind: "age" } });
  expect(tasks.get("retrain")).toMatchObject({ status: "succeeded" });

  const again = await scanflow(folder, ["run"]);
  expect(again.stdout).toMatch(/drift +cached/);
  await writeFile(join(folder, "checkers/oldest.ts"), OLDEST_TS.replace("The oldest", "The very oldest"));
  await scanflow(folder, ["run"]);
  const why = await scanflow(folder, ["why", "oldest"]);
  expect(why.stdout).toMatch(/code: checkers\/oldest\.ts/);
});

test("a checker's name that there is not, a module that is missing and a missing input are told with their place", async () => {
  const folder = await folderOf({
    ...FILES,
    "scanflow.yaml": WORKFLOW.replace("check: drift\n", "check: drft\n").replace(
      "{ current: gather.batch }\n        params: { limit: 60 }",
      "{ window: gather.batch }",
    ),
  });
  const { code, stderr } = await scanflow(folder, ["run"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /yaml:7:9 workflows\.main\.nodes\.drift\.check: there is no checker "drft": .*\(did you mean "drift"\?\)/,
  );
  expect(stderr).toMatch(/yaml:13:9 .*the input current is missing/);
});

test("a checker that fails in a workflow says why by the names of its inputs, without the folders and frames of ours", async () => {
  const folder = await folderOf({
    "june.csv": ages(20),
    "ragged.csv": "age,city\n1,Bonn\n2\n",
    "empty.csv": "age,city\n",
    "checkers/throws.ts": 'export default () => { throw new Error("no such shop"); };\n',
    "scanflow.yaml": `application: failing
workflows:
  main:
    nodes:
      ragged: { check: drift, allowFailure: true, inputs: { reference: { file: june.csv }, current: { file: ragged.csv } } }
      empty: { check: integrity, failOn: warning, allowFailure: true, inputs: { reference: { file: june.csv }, current: { file: empty.csv } } }
      throws: { check: checkers/throws.ts, allowFailure: true, inputs: { current: { file: june.csv } } }
`,
  });
  await scanflow(folder, ["run"]);
  const show = JSON.parse((await scanflow(folder, ["show", "--json"])).stdout);
  const errors = new Map(
    show.tasks.map(({ id, error }: { id: string; error: { code: string; message: string } }) => [id, error]),
  );
  expect(errors.get("ragged")).toEqual({
    code: "SCANFLOW_DATA_UNREADABLE",
    message: expect.stringMatching(
      /^Checker "ragged": "current" line 3: the row has 1 cells.* \(--delimiter\)\.$/,
    ),
  });
  expect(errors.get("empty")).toEqual({
    code: "SCANFLOW_CHECK_FAILED",
    message:
      'Checker "empty" says invalid: "current" has no rows: give data to validate. See its verdict with "scanflow show", or loosen failOn.',
  });
  // The verdict, its figures and its file are kept with the run that it failed.
  const [empty] = show.tasks.filter(({ id }: { id: string }) => id === "empty");
  expect(empty).toMatchObject({
    status: "failed",
    result: { status: "invalid", kind: "integrity", message: expect.stringMatching(/has no rows/) },
    metrics: { alarms: 0 },
    outputs: { verdict: { path: "verdict.json", size: expect.any(Number) } },
  });
  expect((await scanflow(folder, ["show"])).stdout).toMatch(/empty +message +"current" has no rows/);
  expect(errors.get("throws")).toEqual({
    code: "SCANFLOW_PLUGIN_FAILED",
    message: expect.stringMatching(
      /^Checker "throws": The checker checkers\/throws\.ts threw Error: no such shop \(at \d+:\d+\)\. Correct/,
    ),
  });
});
