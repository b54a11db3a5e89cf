import { describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import { type ColumnBatch, columnOf } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import { checkContext } from "../checker/check-context.ts";
import { datasetOf, datasetOfProfile } from "../checker/dataset-of.ts";
import { bars } from "../detector/detector.support.ts";
import { fitDetector } from "../detector/fit-detector.ts";
import { driftChecker } from "../drift/drift-checker.ts";
import type { JsonObject } from "../json/json.ts";
import { runtime } from "../nn/nn.support.ts";
import { createRandom } from "../random/random.ts";
import { parseVerdict } from "../verdict/parse-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { seeded } from "./shift.support.ts";
import { shiftChecker } from "./shift-checker.ts";

const WHOLE = "all columns";

/** The parts that saw it. */
function seenBy({ evidence }: Verdict): unknown[] {
  const parts = (evidence[WHOLE]?.parts ?? []) as readonly { part: string; sees: boolean }[];
  return parts.filter(({ sees }) => sees).map(({ part }) => part);
}

function check(window: ColumnBatch, reference: ColumnBatch, params: JsonObject = {}, seed = 1) {
  const context = checkContext("shift", { params, seed, onnx: runtime });
  return shiftChecker(datasetOf("today", window), datasetOf("june", reference), context);
}

describe("columns that no longer go together, each by itself as before", () => {
  const reference = seeded(400, 1);
  const apart = seeded(200, 2, -0.8);

  test("are found, where drift finds nothing, and named with the part that saw it", async () => {
    const drift = await driftChecker(
      datasetOf("today", apart),
      datasetOf("june", reference),
      checkContext("drift"),
    );
    expect(drift.status).toBe("ok");
    const verdict = await check(apart, reference, { simulations: 400 });
    expect(verdict).toMatchObject({ status: "alarm", kind: "drift" });
    expect([...verdict.columns].sort()).toEqual(["heavy", "tall"]);
    expect(verdict.evidence.tall).toMatchObject({ status: "alarm", part: "pairs", with: "heavy" });
    expect(verdict.evidence.tall?.effect).toBeGreaterThan(1);
    expect(verdict.evidence[WHOLE]).toMatchObject({
      calibration: { rows: 200, referenceRows: 400, basis: "all-rows" },
    });
    expect(seenBy(verdict)).toContain("pairs");
    expect(verdict.message).toContain('"heavy" with "tall"');
    expect(parseVerdict(JSON.stringify(verdict)).evidence).toEqual(verdict.evidence);
  });

  test("are found from a saved profile alone, which says so", async () => {
    const profile = await datasetOf("june", reference, { seed: 1, sampleSize: 150 }).profile();
    const known = datasetOfProfile("june.json", profile);
    const context = checkContext("shift", { params: { simulations: 200 } });
    const verdict = await shiftChecker(datasetOf("today", apart), known, context);
    expect(verdict).toMatchObject({
      status: "alarm",
      evidence: { [WHOLE]: { calibration: { basis: "reservoir", referenceRows: 150 } } },
      message: expect.stringContaining("150 of the rows that the profile kept of 400"),
    });
  });

  test("give the same verdict whenever the seed is the same, and another p value with another", async () => {
    const [window, few] = [seeded(100, 5), { simulations: 200 }];
    const verdict = await check(window, reference, few);
    expect(await check(window, reference, few)).toEqual(verdict);
    const other = await check(window, reference, few, 2);
    expect(other.evidence[WHOLE]?.pValue).not.toBe(verdict.evidence[WHOLE]?.pValue);
  });
});

test("three columns that go together only all three are seen in whole rows, in no pair", async () => {
  const random = createRandom(4);
  const threes = (rows: number, together: boolean) => {
    const [a, b, c] = [0, 1, 2].map(() => Array.from({ length: rows }, () => 2 * random.uniform() - 1));
    const sign = (row: number) => Math.sign((a?.[row] ?? 0) * (b?.[row] ?? 0));
    return batchOf({
      a: a ?? [],
      b: b ?? [],
      c: (c ?? []).map((value, row) => (together ? sign(row) * Math.abs(value) : value)),
    });
  };
  const verdict = await check(threes(500, true), threes(500, false), { simulations: 400 });
  expect(verdict.status).toBe("alarm");
  expect(seenBy(verdict)).toEqual(["rows"]);
});

test("a change too small to act on is a warning", async () => {
  const random = createRandom(6);
  const coins = (rows: number, share: number) =>
    batchOf({ coin: Array.from({ length: rows }, () => random.uniform() < share) });
  const verdict = await check(coins(4_000, 0.55), coins(4_000, 0.5), { simulations: 200 });
  expect(verdict).toMatchObject({ status: "warning", columns: ["coin"] });
  expect(verdict.message).toContain("too little to act on");
});

describe("what a model said", () => {
  const answers = (rows: number, seed: number, sure: number) => {
    const random = createRandom(seed, "answers");
    const p = Array.from({ length: rows }, () => random.uniform() ** sure);
    return batchOf({ p, q: p.map((value) => 1 - value), x: p.map(() => random.uniform()) });
  };
  const params = { probabilities: { no: "p", yes: "q" } };

  test("is looked at where its columns are named, and rows without an answer are left out", async () => {
    const window = answers(150, 2, 2);
    const holes = batchOf({
      p: Array.from({ length: 150 }, (_, row) =>
        row < 10 ? null : ((columnOf(window, "p") as { values: Float64Array }).values[row] ?? 0),
      ),
      q: (columnOf(window, "q") as { values: Float64Array }).values,
      x: (columnOf(window, "x") as { values: Float64Array }).values,
    });
    const verdict = await check(holes, answers(300, 1, 1), params);
    expect(verdict).toMatchObject({
      status: "alarm",
      evidence: { [WHOLE]: { calibration: { rows: 140, leftOut: 10 } } },
    });
    expect([...verdict.columns].sort()).toEqual(["p", "q"]);
    expect(seenBy(verdict)).toEqual(expect.arrayContaining(["probabilities", "classes"]));
  });

  test("is looked at alone where no other column is there, and a column that is not there is named", async () => {
    const only = (batch: ColumnBatch) => ({ ...batch, columns: batch.columns.slice(0, 1) });
    const single = { probabilities: "p", positive: "yes", simulations: 200 };
    const verdict = await check(only(answers(100, 3, 1)), only(answers(300, 1, 1)), single);
    expect(verdict.status).toBe("ok");
    const absent = await check(answers(100, 3, 1), answers(300, 1, 1), { prediction: "z" });
    expect(absent).toMatchObject({ status: "invalid", columns: ["z"] });
  });
});

describe("images", () => {
  const other = bars(60, 4, (random) => 1 + random * 5);

  test("are looked at by a detector that is fitted to half of the reference", async () => {
    const reference = bars(300, 1);
    const quick = { kind: "pca", simulations: 200 };
    expect((await check(bars(60, 3), reference, quick)).status).toBe("ok");
    const verdict = await check(other, reference, quick);
    expect(verdict).toMatchObject({ status: "alarm", columns: ["image"] });
    expect(verdict.evidence[WHOLE]).toMatchObject({ calibration: { referenceRows: 150 } });
    expect(verdict.figures?.map(({ kind }) => kind)).toContain("images");
    expect(verdict.message).toContain("which the detector did not learn from");
  });

  test("are looked at by a saved detector", async () => {
    const detector = await fitDetector(bars(200, 8), { runtime, kind: "pca" });
    const params = { detector: "bars.onnx", simulations: 200 };
    const context = checkContext("shift", {
      params,
      onnx: runtime,
      readFile: async () => detector.save(),
    });
    const known = datasetOf("june", bars(200, 1));
    expect(await shiftChecker(datasetOf("today", other), known, context)).toMatchObject({
      status: "alarm",
      evidence: { [WHOLE]: { calibration: { referenceRows: 200 } } },
    });
    const unlike = datasetOf("today", takeRows(seeded(50, 1), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect((await shiftChecker(unlike, known, context)).status).toBe("invalid");
  });
});
