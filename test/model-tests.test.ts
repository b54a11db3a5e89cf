import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, scanflow } from "./cli.test.support.ts";

/** 200 people; the model says yes from 50 on, and errs on every tenth in Graz. */
const ROWS = Array.from({ length: 200 }, (_, row) => {
  const age = 20 + (row % 60);
  const yes = age >= 50;
  const city = row % 2 === 0 ? "Bonn" : "Graz";
  const truth = city === "Graz" && row % 10 === 1 ? !yes : yes;
  return `${age},${city},${truth ? "yes" : "no"}`;
});

const PREDICT = `import csv, os
least = float(open(os.environ["SCANFLOW_INPUT_MODEL"]).read()) if "SCANFLOW_INPUT_MODEL" in os.environ else 50
with open(os.environ["SCANFLOW_INPUT_ROWS"]) as rows, open(os.environ["SCANFLOW_OUTPUT_PREDICTIONS"], "w") as out:
    print("said", file=out)
    for row in csv.DictReader(rows):
        assert "bought" not in row
        print("yes" if float(row["age"]) >= least else "no", file=out)
`;

const TESTS = `label: bought
prediction: said
predictor: python3 predict.py
tests:
  - { name: overall, metric: accuracy, min: 0.85 }
  - { name: Graz, metric: accuracy, where: { city: Graz, age: { from: 20 } }, min: 0.95 }
  - { name: city does not decide, invariance: { column: city, to: [Bonn, Graz] }, max: 0 }
  - { name: age decides, invariance: { column: age, add: 30 }, max: 0.1, rows: 100 }
  - { name: quick, latency: { rows: 10, times: 2 }, p95Ms: 60000 }
`;

const WORKFLOW = `application: gated
workflows:
  main:
    params: { least: { type: number, default: 0.95 } }
    nodes:
      train: { run: "echo 50 > $SCANFLOW_OUTPUT_MODEL", outputs: [model] }
      tests:
        check: model-tests
        inputs: { current: { file: people.csv }, tests: { file: tests.yaml }, model: train.model }
      publish:
        run: "cp $SCANFLOW_INPUT_MODEL $SCANFLOW_OUTPUT_MODEL"
        when: 'nodes.tests.result.status == "ok"'
        inputs: { model: train.model }
        outputs: { model: { path: model.txt, register: people } }
`;

const FILES = {
  "people.csv": `age,city,bought\n${ROWS.join("\n")}\n`,
  "predict.py": PREDICT,
  "tests.yaml": TESTS,
  "scanflow.yaml": WORKFLOW,
};

test("a file of model tests says which figure, slice and invariance a model fails", async () => {
  const folder = await folderOf(FILES);
  const args = ["check", "--current", "people.csv", "--model-tests", "tests.yaml", "--json"];
  const { code, stdout } = await scanflow(folder, args);
  expect(code).toBe(1);
  const { verdict, checks } = JSON.parse(stdout);
  expect(verdict).toMatchObject({ status: "alarm", kind: "performance", columns: ["Graz", "age decides"] });
  expect(checks[0].evidence).toMatchObject({
    overall: { status: "ok", value: 0.9, rows: 200 },
    Graz: { status: "alarm", value: 0.8, min: 0.95, rows: 100 },
    "city does not decide": { status: "ok", value: 0 },
    "age decides": { status: "alarm", rows: 100 },
    quick: { status: "ok" },
  });
});

test("a model that fails its tests is not registered, and one that passes is", async () => {
  const folder = await folderOf(FILES);
  const failed = await scanflow(folder, ["run", "--json"]);
  expect(failed.stdout).not.toContain('"model-registered"');
  const before = JSON.parse((await scanflow(folder, ["show", "--json"])).stdout);
  const statusOf = (show: typeof before) =>
    show.tasks.find(({ id }: { id: string }) => id === "publish").status as string;
  expect(statusOf(before)).toBe("skipped");
  const mended = TESTS.replace("min: 0.95", "min: 0.75").replace("max: 0.1", "max: 1");
  const passing = await folderOf({ ...FILES, "tests.yaml": mended });
  await scanflow(passing, ["run"]);
  const shown = async () => JSON.parse((await scanflow(passing, ["show", "--json"])).stdout);
  expect(statusOf(await shown())).toBe("succeeded");
  // The predictor asks the model of this run: one that says yes to all fails.
  await writeFile(join(passing, "scanflow.yaml"), WORKFLOW.replace("echo 50", "echo 0"));
  await scanflow(passing, ["run"]);
  expect(statusOf(await shown())).toBe("skipped");
});

test("tests that cannot be made, and a file that is wrong, exit with 2 and name the field", async () => {
  const folder = await folderOf({
    ...FILES,
    "wrong.yaml": TESTS.replace("metric: accuracy, min: 0.85", "metric: accurracy, min: 0.85"),
    "absent.yaml": "label: bought\nprediction: said\ntests: [{ metric: accuracy, min: 0.5 }]\n",
  });
  const run = (file: string) => scanflow(folder, ["check", "--current", "people.csv", "--model-tests", file]);
  const wrong = await run("wrong.yaml");
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/"tests\[0\]\.metric" is "accurracy"/),
  ]);
  const absent = await run("absent.yaml");
  expect([absent.code, absent.stdout]).toEqual([
    2,
    expect.stringMatching(/"accuracy" could not be tested: .*"said"/),
  ]);
});
