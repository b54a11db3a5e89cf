import { readFileSync } from "node:fs";
import type { JsonObject } from "@scanflow/checks";
import { encodeFeatures, type SliceCondition } from "@scanflow/checks/slices";
import { readBatches } from "scanflow/data";
import { batchToRows, rowsToBatch } from "scanflow/stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ExampleCopy, type Finished } from "./examples-application.test.support.ts";

const adult = new ExampleCopy("adult");
let finished: Finished;

beforeAll(async () => {
  finished = await adult.run();
});
afterAll(() => adult.remove());

test("the model is as good as it was, and that is seen with labels and without", async () => {
  expect(finished.status).toBe("succeeded");
  const performance = await adult.verdict("performance");
  expect(performance.status).toBe("ok");
  expect(performance.evidence.accuracy?.value).toBeGreaterThan(0.84);
  expect(performance.evidence.rocAuc?.value).toBeGreaterThan(0.9);
  const estimate = await adult.verdict("estimate");
  expect(estimate.status).toBe("ok");
  expect(Number(estimate.evidence.accuracy?.estimate)).toBeCloseTo(
    Number(performance.evidence.accuracy?.value),
    1,
  );
  expect(readFileSync(await adult.output("slices", "report"), "utf8")).toMatch(/<svg/);
});

async function windowRows(): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const batch of readBatches(await adult.output("answer", "window")))
    rows.push(...batchToRows(batch));
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
  const { status, evidence } = await adult.verdict("slices");
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
  const { status, evidence, message } = await adult.verdict("fairness");
  expect(status).toBe("alarm");
  const gaps = evidence.sex?.gaps as unknown as { measure: string; value: number; status: string }[];
  const parity = gaps.find(({ measure }) => measure === "demographicParity");
  expect(parity?.value).toBeCloseTo(chosen("Female") - chosen("Male"), 12);
  expect(parity?.status).toBe("alarm");
  expect(message).toMatch(/Not judged: race ".*Amer-Indian-Eskimo" \(\d+ rows, 100 are the least\)/);
});
