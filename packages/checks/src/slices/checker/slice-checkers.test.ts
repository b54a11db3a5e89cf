import { describe, expect, test } from "vitest";
import { readAnswers } from "../../answers/read-answers.ts";
import { batchOf } from "../../batch/batch-of.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import { renderFigure } from "../../figure/render-figure.ts";
import type { JsonObject } from "../../json/json.ts";
import { createRandom, type Random } from "../../random/random.ts";
import { parseVerdict } from "../../verdict/parse-verdict.ts";
import { groupGaps } from "../groups/group-gaps.ts";
import { rowGroups } from "../groups/row-groups.ts";
import { growErrorTree } from "../search/error-tree.ts";
import { encodeFeatures } from "../table/encode-features.ts";
import { fairnessChecker } from "./fairness-checker.ts";
import { slicesChecker } from "./slices-checker.ts";

/** Rows of people in groups, and how likely each is chosen among those that are positive and among those that are not. */
function people(
  random: Random,
  groups: Readonly<Record<string, readonly [rows: number, hit: number, alarm: number]>>,
): ColumnBatch {
  const rows = Object.entries(groups).flatMap(([name, [count, hit, alarm]]) =>
    Array.from({ length: count }, () => {
      const y = random.below(2);
      return { name, y, z: Number(random.uniform() < (y === 1 ? hit : alarm)), age: 20 + random.below(50) };
    }),
  );
  return batchOf({
    group: rows.map(({ name }) => name),
    y: rows.map(({ y }) => y),
    z: rows.map(({ z }) => z),
    age: rows.map(({ age }) => age),
  });
}

const roles = { label: "y", prediction: "z", positive: "1" };
const context = (params: JsonObject) => checkContext("people", { params: { ...roles, ...params } });

describe("fairness", () => {
  test("rates and gaps are what the counts say, with intervals that hold them", () => {
    const group = ["a", "a", "a", "a", "b", "b", "b", "b", "b"];
    const batch = batchOf({ group, y: [1, 1, 0, 0, 1, 1, 1, 0, 0], z: [1, 1, 1, 0, 1, 0, 0, 0, 0] });
    const answers = readAnswers(batch, { task: "classification", ...roles });
    if (answers.task !== "classification") throw new Error("another task");
    const groups = rowGroups(encodeFeatures(batch), ["group"]);
    const found = groupGaps(answers, groups, { minimumSample: 2, minimumCases: 1, privileged: "a" });
    const values = Object.fromEntries(found.gaps.map(({ measure, value }) => [measure, value]));
    expect(values.demographicParity).toBeCloseTo(1 / 5 - 3 / 4, 12);
    expect(values.disparateImpact).toBeCloseTo(1 / 5 / (3 / 4), 12);
    expect(values.equalOpportunity).toBeCloseTo(1 / 3 - 1, 12);
    expect(values.equalisedOdds).toBeCloseTo(1 / 3 - 1, 12);
    expect(values.predictiveParity).toBeCloseTo(1 - 2 / 3, 12);
    for (const { value, low, high } of found.gaps) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(found.groups.map(({ name, rows }) => [name, rows])).toEqual([
      ["b", 5],
      ["a", 4],
    ]);
  });

  test("a group that is found less often is an alarm; a small one is named as not judged", async () => {
    const batch = people(createRandom(1), {
      blue: [1_500, 0.8, 0.2],
      red: [800, 0.5, 0.2],
      grey: [40, 0.1, 0.1],
    });
    const verdict = await fairnessChecker(datasetOf("may", batch), null, context({ groups: ["group"] }));
    expect(verdict).toMatchObject({ status: "alarm", kind: "fairness", columns: ["group"] });
    expect(verdict.message).toMatch(/By group, against blue: .*equalOpportunity of red -0\.[23]\d \(/);
    expect(verdict.message).toMatch(/Not judged: group "grey" \(40 rows, 100 are the least\)/);
    expect(verdict.evidence.group?.notJudged).toEqual([
      { group: "grey", measure: "all", reason: "40 rows, 100 are the least" },
    ]);
    for (const figure of verdict.figures ?? []) expect(renderFigure(figure)).toMatch(/^<svg/);
    expect(parseVerdict(JSON.stringify(verdict)).evidence).toEqual(verdict.evidence);
  });

  test("equalised odds see a gap among the negative rows behind a larger one of few positive rows", () => {
    const rows = ["a", "b"].flatMap((group) => [
      ...Array.from({ length: 40 }, (_, row) => ({
        group,
        y: 1,
        z: Number(row < (group === "a" ? 24 : 16)),
      })),
      ...Array.from({ length: 4_000 }, (_, row) => ({
        group,
        y: 0,
        z: Number(row < (group === "a" ? 400 : 1_000)),
      })),
    ]);
    const batch = batchOf({
      group: rows.map(({ group }) => group),
      y: rows.map(({ y }) => y),
      z: rows.map(({ z }) => z),
    });
    const answers = readAnswers(batch, { task: "classification", ...roles });
    if (answers.task !== "classification") throw new Error("another task");
    const measures = ["equalisedOdds"] as const;
    const { gaps } = groupGaps(answers, rowGroups(encodeFeatures(batch), ["group"]), {
      measures,
      privileged: "a",
    });
    expect(gaps[0]?.value).toBeCloseTo(0.15, 12);
    expect(gaps[0]?.low).toBeGreaterThan(0);
  });

  test("a small gap that is real is a warning, and groups that are alike are ok: as rarely wrong as asked for", async () => {
    const small = people(createRandom(2), { a: [30_000, 0.8, 0.2], b: [30_000, 0.75, 0.2] });
    expect((await fairnessChecker(datasetOf("w", small), null, context({ groups: ["group"] }))).status).toBe(
      "warning",
    );
    const random = createRandom(3);
    let found = 0;
    for (let window = 0; window < 100; window += 1) {
      const batch = people(random, { a: [300, 0.7, 0.3], b: [300, 0.7, 0.3], c: [200, 0.7, 0.3] });
      const verdict = await fairnessChecker(datasetOf("w", batch), null, context({ groups: ["group"] }));
      found += Number(verdict.status !== "ok");
    }
    expect(found).toBeLessThanOrEqual(11);
  });

  test("a ratio to a group that is never chosen is told in words", async () => {
    const batch = people(createRandom(10), { a: [400, 0, 0], b: [400, 0.7, 0.3] });
    const params = { groups: ["group"], privileged: { group: "a" }, measures: ["disparateImpact"] };
    const verdict = await fairnessChecker(datasetOf("w", batch), null, context(params));
    expect(verdict.status).toBe("alarm");
    expect(verdict.message).toMatch(/disparateImpact of b without bound \(\d/);
  });

  test("combinations of columns, and parity of choice without labels", async () => {
    const batch = people(createRandom(4), { a: [900, 0.7, 0.3], b: [900, 0.3, 0.1] });
    const params = { groups: [["group", "age"]], prediction: "z", positive: "1" };
    const verdict = await fairnessChecker(datasetOf("w", batch), null, checkContext("people", { params }));
    const { gaps, groups } = verdict.evidence["group, age"] as {
      gaps: { measure: string }[];
      groups: unknown[];
    };
    expect(groups).toHaveLength(8);
    expect(new Set(gaps.map(({ measure }) => measure))).toEqual(
      new Set(["demographicParity", "disparateImpact"]),
    );
  });

  test.each([
    ["a group that is not there", { groups: ["tribe"] }, /"tribe" is not in the table: name/],
    [
      "a privileged group that is not there",
      { groups: ["group"], privileged: { group: "z" } },
      /no group "z"/,
    ],
    ["one group only", { groups: ["one"] }, /"one" does not divide the rows/],
    [
      "a positive class that no row has",
      { groups: ["group"], positive: "yes" },
      /No row is, or was predicted, "yes": name one of 0, 1 as "positive"/,
    ],
  ])("%s is invalid", async (_, params, message) => {
    const group = people(createRandom(5), { a: [200, 0.7, 0.3], b: [200, 0.7, 0.3] });
    const one = batchOf({ one: new Array(400).fill("x") });
    const batch = { rows: 400, columns: [...group.columns, ...one.columns] };
    const verdict = await fairnessChecker(datasetOf("w", batch), null, context(params));
    expect(verdict.status).toBe("invalid");
    expect(verdict.message).toMatch(message);
  });
});

describe("slices", () => {
  test("the slice that errs more is an alarm, and the tree tells it too", async () => {
    const batch = people(createRandom(6), { a: [1_000, 0.9, 0.1], b: [1_000, 0.9, 0.1], c: [700, 0.6, 0.4] });
    const verdict = await slicesChecker(datasetOf("may", batch), null, context({}));
    expect(verdict).toMatchObject({ status: "alarm", columns: ["group"] });
    expect(verdict.message).toMatch(
      /errs more where group is c \(share of errors 0\.[34]\d+ on 700 rows, elsewhere 0\.\d+\)/,
    );
    expect(Object.keys(verdict.evidence)[0]).toBe("group is c");
    for (const figure of verdict.figures ?? []) expect(renderFigure(figure)).toMatch(/^<svg/);
    expect(parseVerdict(JSON.stringify(verdict)).evidence).toEqual(verdict.evidence);
    const losses = Float64Array.from({ length: batch.rows }, (_, row) =>
      Number(row >= 2_000 && row % 2 === 0),
    );
    expect(
      growErrorTree(encodeFeatures(batch), losses, { depth: 1 }).map(({ text, rows }) => [text, rows]),
    ).toEqual([
      ["group is c", 700],
      ["group is one of a, b", 2_000],
    ]);
  });

  test("a model that errs alike is ok", async () => {
    const batch = people(createRandom(7), { a: [1_000, 0.8, 0.2], b: [1_000, 0.8, 0.2] });
    const verdict = await slicesChecker(datasetOf("may", batch), null, context({}));
    expect(verdict).toMatchObject({ status: "ok", columns: [], evidence: {} });
    expect(verdict.message).toMatch(/^No slice of 2000 rows is worse than the rest: \d+ were tested/);
  });

  test("how far values are off can be the loss", async () => {
    const random = createRandom(8);
    const kind = Array.from({ length: 3_000 }, () => ["x", "y", "z"][random.below(3)] as string);
    const y = kind.map(() => random.uniform());
    const z = y.map((value, row) => value + (kind[row] === "z" ? 1 : 0.1) * (random.uniform() - 0.5));
    const params = { label: "y", prediction: "z", task: "regression" };
    const verdict = await slicesChecker(
      datasetOf("w", batchOf({ kind, y, z })),
      null,
      checkContext("m", { params }),
    );
    expect(Object.keys(verdict.evidence)).toEqual(["kind is z"]);
    expect(verdict.message).toMatch(/mean absolute-error 0\.2/);
  });

  test.each([
    ["nothing to slice by", { columns: [] }, "invalid", /no column to slice by/],
    ["a column that is not there", { columns: ["shoe"] }, "invalid", /"shoe" is not in the table/],
    [
      "a loss of values for classes",
      { loss: "squared-error" },
      "invalid",
      /"squared-error" does not fit classes: use/,
    ],
    ["a loss that needs probabilities", { loss: "log-loss" }, "invalid", /"log-loss" needs probabilities/],
  ])("%s is invalid", async (_, params, status, message) => {
    const batch = people(createRandom(9), { a: [100, 0.8, 0.2], b: [100, 0.8, 0.2] });
    const verdict = await slicesChecker(datasetOf("w", batch), null, context(params));
    expect(verdict.status).toBe(status);
    expect(verdict.message).toMatch(message);
  });

  test("wrong params are an error", async () => {
    const window = datasetOf("w", people(createRandom(9), { a: [100, 0.8, 0.2] }));
    const judged = async () => slicesChecker(window, null, context({ loss: "hinge" }));
    await expect(judged()).rejects.toThrow(/"loss" is "hinge", not one of error/);
    const grouped = async () => fairnessChecker(window, null, context({ groups: [] }));
    await expect(grouped()).rejects.toThrow(/"groups" is \[\], not a list of columns/);
    const wrong = async () =>
      fairnessChecker(window, null, context({ groups: ["group"], privileged: { grop: "a" } }));
    await expect(wrong()).rejects.toThrow(/"privileged.grop" is "a", not of one of the groups group/);
  });
});
