import { describe, expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import { createRandom } from "../../random/random.ts";
import { performanceChecker } from "./performance-checker.ts";

const random = createRandom(12);
const CITIES = ["Bonn", "Graz", "Oslo"];

/** A model that is right in .9 of rows, in Oslo in `oslo`; no label in Rome, and few rows in Nice. */
function answers(rows: number, oslo: number) {
  const city = Array.from({ length: rows }, (_, row) => (row < 10 ? "Nice" : (CITIES[row % 3] ?? "")));
  const y: (string | null)[] = city.map(() => (random.uniform() < 0.5 ? "yes" : "no"));
  const z = city.map((name, row) => {
    const isRight = random.uniform() < (name === "Oslo" ? oslo : 0.9);
    return isRight === (y[row] === "yes") ? "yes" : "no";
  });
  for (let row = 0; row < 40; row += 1) [city[rows - 1 - row], y[rows - 1 - row]] = ["Rome", null];
  return batchOf({ city, y, z, id: city.map((_, row) => row) });
}

const check = (window: ReturnType<typeof answers>, params: object, reference = answers(3_000, 0.9)) =>
  performanceChecker(
    datasetOf("may", window),
    datasetOf("april", reference),
    checkContext("model", { params: { label: "y", prediction: "z", metrics: ["accuracy"], ...params } }),
  );

describe("performance by slice", () => {
  test("a slice that got worse is an alarm by its name, with its figure and interval, though all rows are not", async () => {
    const window = answers(3_000, 0.83);
    const whole = await check(window, { minimumDrop: 0.04 });
    expect(whole.status).not.toBe("alarm");
    const verdict = await check(window, { minimumDrop: 0.04, slices: ["city"] });
    expect(verdict.status).toBe("alarm");
    expect(verdict.message).toMatch(/accuracy \[city=Oslo\] 0\.8\d+ \(0\.\d+ to 0\.\d+, was 0\.\d+\)/);
    expect(verdict.message).toMatch(/Too few rows to judge: (city=Nice, city=Rome|city=Rome, city=Nice)\.$/);
    const { evidence } = verdict;
    expect(Object.keys(evidence)).toEqual([
      "accuracy",
      "accuracy [city=Graz]",
      "accuracy [city=Oslo]",
      "accuracy [city=Bonn]",
    ]);
    expect(evidence["accuracy [city=Oslo]"]).toMatchObject({ status: "alarm" });
    expect(evidence["accuracy [city=Bonn]"]).toMatchObject({ status: "ok" });
  });

  test("slices where nothing changed raise no more alarms than were asked for", async () => {
    let found = 0;
    for (let window = 0; window < 40; window += 1) {
      const verdict = await check(
        answers(6_400, 0.9),
        { minimumDrop: 0, slices: ["city"] },
        answers(6_400, 0.9),
      );
      found += Number(verdict.status !== "ok");
    }
    expect(found).toBeLessThanOrEqual(6);
  });

  test("a limit holds on each slice, without a reference too", async () => {
    const params = { label: "y", prediction: "z", slices: ["city"], thresholds: { accuracy: { min: 0.8 } } };
    const verdict = await performanceChecker(
      datasetOf("may", answers(3_000, 0.5)),
      null,
      checkContext("model", { params }),
    );
    expect(verdict.evidence["accuracy [city=Oslo]"]).toMatchObject({ status: "alarm", minimum: 0.8 });
    expect(verdict.evidence["accuracy [city=Graz]"]).toMatchObject({ status: "ok", reference: null });
  });

  test.each([
    ["town", /"town" is not in the table: name columns to slice by/],
    ["id", /"id" has more than 100 values: name one with fewer/],
  ])("a column that cannot be sliced by is told: %s", async (column, message) => {
    const verdict = await check(answers(300, 0.9), { slices: [column] });
    expect(verdict).toMatchObject({ status: "invalid", message: expect.stringMatching(message) });
  });
});
