import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ColumnBatch, columnOf, gatherRows } from "@scanflow/checks";
import { featureRows, meanMagnitudes, predictTrees, readLightgbm, treeShap } from "@scanflow/checks/explain";
import { openDataset } from "scanflow/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ExampleCopy, type Finished, tasksBy } from "./examples-application.test.support.ts";

const adult = new ExampleCopy("adult");
let finished: Finished;
beforeAll(async () => {
  finished = await adult.run("release");
});
afterAll(() => adult.remove());

function read(path: string): Promise<ColumnBatch> {
  return openDataset(path).then(gatherRows);
}

function textsOf(batch: ColumnBatch, name: string): string[] {
  const column = columnOf(batch, name);
  if (column?.kind !== "text") throw new Error(`${name} is no text`);
  return [...column.codes].map((code) => column.dictionary[code] ?? "");
}

async function versions(): Promise<number> {
  return adult.withTracker(async (tracker) => {
    const found = await tracker.get<{ model_versions?: object[] }>("model-versions/search");
    return found.model_versions?.length ?? 0;
  });
}

test("checkers in TypeScript and in Python judge what the model said, as their own rules have it", async () => {
  expect(finished.status).toBe("succeeded");
  const answers = await read(await adult.output("answer", "answers"));
  const said = textsOf(answers, "prediction");
  const ages = columnOf(answers, "age");
  if (ages?.kind !== "number") throw new Error("age is a number");
  const young = said.filter((_, row) => (ages.values[row] ?? 0) < 20);
  const minors = await adult.verdict("minors");
  expect(minors).toMatchObject({ status: "ok", kind: "plausibility" });
  expect(minors.evidence.age).toMatchObject({
    people: young.length,
    promised: young.filter((prediction) => prediction === ">50K").length,
  });
  const approval = await adult.verdict("approval-rate");
  const rate = said.filter((prediction) => prediction === ">50K").length / said.length;
  expect(approval.evidence.prediction).toMatchObject({ status: "ok", rate });
});

test("the file of model tests measures figures of the trees that were just grown", async () => {
  const model = readLightgbm(readFileSync(await adult.output("grow", "model"), "utf8"));
  const people = await read(join(adult.folder, "data/adult-test.csv.gz"));
  const labels = textsOf(people, "income");
  const { values } = predictTrees(model, featureRows(model, people));
  const right = labels.filter((label, row) => (label === ">50K") === (values[row] ?? 0) >= 0);
  const { status, evidence } = await adult.verdict("tests");
  expect(status).toBe("ok");
  expect(evidence.overall?.value).toBeCloseTo(right.length / labels.length, 12);
  expect(Object.keys(evidence)).toHaveLength(6);
});

test("the explanation gives each feature its share of the Shapley values, and draws them", async () => {
  const model = readLightgbm(readFileSync(await adult.output("grow", "model"), "utf8"));
  const rows = featureRows(model, await read(join(adult.folder, "data/adult-test.csv.gz")));
  const explained = { ...rows, rows: 600, values: rows.values.subarray(0, 600 * rows.columns) };
  const sizes = meanMagnitudes(treeShap(model, explained));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const { status, evidence, figures } = await adult.verdict("what-counts");
  expect(status).toBe("ok");
  for (const [at, name] of model.features.entries())
    expect(evidence[name]?.share).toBeCloseTo((sizes[at] ?? 0) / total, 12);
  const losses = Object.entries(evidence).sort(([, a], [, b]) => Number(b.lossAdded) - Number(a.lossAdded));
  expect(losses.slice(0, 3).map(([name]) => name)).toContain("marital-status");
  expect(figures?.map(({ kind }) => kind)).toEqual(["bars", "bars", "lines", "lines", "bars"]);
  expect(readFileSync(await adult.output("what-counts", "report"), "utf8")).toMatch(
    /<svg[\s\S]*hours-per-week/,
  );
});

test("a worse model is not registered, and the checks say why", async () => {
  expect(await versions()).toBe(1);
  const worse = await adult.run("release", "--param", "rounds=2");
  expect(tasksBy(worse).skipped).toEqual(["register"]);
  const { status, evidence } = await adult.verdict("tests");
  expect([status, evidence.overall?.status]).toEqual(["alarm", "alarm"]);
  expect((await adult.verdict("approval-rate")).status).toBe("alarm");
  expect(await versions()).toBe(1);
});
