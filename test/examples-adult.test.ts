import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, parseVerdict, type Verdict } from "@scanflow/checks";
import { encodeFeatures, type SliceCondition } from "@scanflow/checks/slices";
import { readBatches } from "scanflow/data";
import { batchToRows, rowsToBatch } from "scanflow/stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ExampleCopy, type Finished } from "./examples-application.test.support.ts";

interface Shown {
  readonly tasks: readonly {
    readonly id: string;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
}

const adult = new ExampleCopy("adult");
let finished: Finished;
let shown: Shown;

beforeAll(async () => {
  finished = await adult.run();
  shown = await adult.document<Shown>("show", "latest");
});
afterAll(() => adult.remove());

function outputPath(task: string, output: string): string {
  const digest = shown.tasks.find(({ id }) => id === task)?.outputs[output]?.digest ?? "";
  const hash = digest.replace("sha256:", "");
  const folder = join(adult.folder, ".scanflow/artifacts");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const found = names
    .map((name) => join(folder, name))
    .find((path) => path.replaceAll("/", "").endsWith(hash) && statSync(path).isFile());
  if (found === undefined) throw new Error(`${task} has no output "${output}"`);
  return found;
}

function verdictOf(task: string): Verdict {
  return parseVerdict(readFileSync(outputPath(task, "verdict"), "utf8"));
}

test("the model is as good as it was, and that is seen with labels and without", () => {
  expect(finished.status).toBe("succeeded");
  const performance = verdictOf("performance");
  expect(performance.status).toBe("ok");
  expect(performance.evidence.accuracy?.value).toBeGreaterThan(0.84);
  expect(performance.evidence.rocAuc?.value).toBeGreaterThan(0.9);
  const estimate = verdictOf("estimate");
  expect(estimate.status).toBe("ok");
  expect(Number(estimate.evidence.accuracy?.estimate)).toBeCloseTo(
    Number(performance.evidence.accuracy?.value),
    1,
  );
  expect(readFileSync(outputPath("slices", "report"), "utf8")).toMatch(/<svg/);
});

async function windowRows(): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const batch of readBatches(outputPath("answer", "window"))) rows.push(...batchToRows(batch));
  return rows;
}

function holds(condition: SliceCondition, row: JsonObject): boolean {
  const value = row[condition.column] ?? null;
  if (condition.kind === "missing") return value === null;
  if (value === null) return false;
  if (condition.kind === "is") return condition.values.includes(String(value));
  return (
    Number(value) >= (condition.low ?? Number.NEGATIVE_INFINITY) &&
    Number(value) < (condition.high ?? Number.POSITIVE_INFINITY)
  );
}

test("the worst slice is the worst of all, by going through the rows of each", async () => {
  const rows = await windowRows();
  const { columns } = rowsToBatch(rows);
  const features = columns.filter(({ name }) => !["income", "prediction", "probability"].includes(name));
  const encoded = encodeFeatures({ rows: rows.length, columns: features });
  const parts = encoded.features.flatMap((feature) => feature.parts);
  const wrong = (own: readonly JsonObject[]) =>
    own.filter(({ income, prediction }) => income !== prediction).length;
  const errorShare = wrong(rows) / rows.length;
  const score = (own: readonly JsonObject[]) =>
    0.95 * (wrong(own) / own.length / errorShare - 1) - 0.05 * (rows.length / own.length - 1);
  let best = { score: 0, rows: 0 };
  for (const [at, first] of parts.entries()) {
    const own = rows.filter((row) => holds(first, row));
    if (own.length < 32) continue;
    for (const second of [first, ...parts.slice(at + 1)]) {
      if (second !== first && second.column === first.column) continue;
      const both = own.filter((row) => holds(second, row));
      if (both.length < 32 || both.length === rows.length) continue;
      if (score(both) > best.score) best = { score: score(both), rows: both.length };
    }
  }
  const { status, evidence } = verdictOf("slices");
  expect(status).toBe("alarm");
  const [worst] = Object.values(evidence);
  expect(worst?.score).toBeCloseTo(best.score, 10);
  expect(worst?.rows).toBe(best.rows);
  const conditions = worst?.conditions as unknown as SliceCondition[];
  const members = rows.filter((row) => conditions.every((condition) => holds(condition, row)));
  expect(members).toHaveLength(best.rows);
  expect((worst?.loss as { value: number } | undefined)?.value).toBeCloseTo(
    wrong(members) / members.length,
    12,
  );
});

test("gaps are those of the rows, and small groups are named", async () => {
  const rows = await windowRows();
  const chosen = (sex: string) => {
    const own = rows.filter((row) => row.sex === sex);
    return own.filter(({ prediction }) => prediction === ">50K").length / own.length;
  };
  const { status, evidence, message } = verdictOf("fairness");
  expect(status).toBe("alarm");
  const gaps = evidence.sex?.gaps as unknown as { measure: string; value: number; status: string }[];
  const parity = gaps.find(({ measure }) => measure === "demographicParity");
  expect(parity?.value).toBeCloseTo(chosen("Female") - chosen("Male"), 12);
  expect(parity?.status).toBe("alarm");
  expect(message).toMatch(/Not judged: race .*Amer-Indian-Eskimo \(\d+ rows, 100 are the least\)/);
});
